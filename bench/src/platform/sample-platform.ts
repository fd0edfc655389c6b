import { randomUUID } from 'node:crypto';
import { type Client, credentials, Metadata } from '@grpc/grpc-js';
import { CaseVaultServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { ArrivalServiceClient } from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { IdentificationServiceClient } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { ReferralServiceClient } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import {
  asAdmin,
  dropDatabase,
  inRepository,
  manifests,
  type Platform,
  startPlatform,
} from '@opennrm/infra/local';
import { call } from '@opennrm/runtime';
import type { BenchServers, PrintLine } from '../servers.ts';

/** The platform in the sample country with a driven clock, and clients of the calls that the parts use. */
export interface SamplePlatform {
  readonly platform: Platform;
  readonly referral: ReferralServiceClient;
  readonly vault: CaseVaultServiceClient;
  readonly identification: IdentificationServiceClient;
  readonly arrivals: ArrivalServiceClient;
  now(): number;
  token(organisation: string, role: string): Promise<string>;
  stop(): Promise<void>;
}

/** 10:00 on a Monday in winter. */
const BEGIN = Date.UTC(2026, 0, 12, 9);

export async function startSamplePlatform(
  servers: BenchServers,
  printLine: PrintLine,
): Promise<SamplePlatform> {
  await asAdmin(servers.postgres.adminUrl, async (admin) => {
    for (const { name } of manifests)
      await dropDatabase(admin, `opennrm_${name.replaceAll('-', '_')}`);
  });
  const platform = await startPlatform({
    countryPack: inRepository('infra/countries/sample'),
    progress: printLine,
    clock: { business: BEGIN, rate: 1 },
  });
  const vaultService = platform.service('case-vault');
  const intake = platform.service('identification-intake');
  const clients = {
    referral: new ReferralServiceClient(
      platform.service('referral').grpcAddress,
      credentials.createInsecure(),
    ),
    vault: new CaseVaultServiceClient(vaultService.grpcAddress, credentials.createInsecure()),
    identification: new IdentificationServiceClient(
      intake.grpcAddress,
      credentials.createInsecure(),
    ),
    arrivals: new ArrivalServiceClient(intake.grpcAddress, credentials.createInsecure()),
  };
  return {
    platform,
    ...clients,
    now: () => platform.clock?.now() ?? Date.now(),
    token: (organisation, role) =>
      platform.issuer.token({ organisation, role, person: randomUUID() }),
    async stop() {
      for (const client of Object.values(clients) as Client[]) client.close();
      await platform.stop();
    },
  };
}

export async function metadataOf(
  samplePlatform: SamplePlatform,
  organisation: string,
  role: string,
): Promise<Metadata> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${await samplePlatform.token(organisation, role)}`);
  return metadata;
}

/** A case of an organisation, and the references by which services know it. */
export async function openCase(
  samplePlatform: SamplePlatform,
  organisation: string,
  names: readonly string[],
) {
  const caseId = randomUUID();
  const token = await samplePlatform.token(organisation, 'responder');
  const opening = { caseId, services: [...names], need: 'safe-accommodation' };
  const { references } = await call(samplePlatform.vault, 'openCase', opening, { token });
  return { caseId, reference: references[0]?.reference ?? '' };
}
