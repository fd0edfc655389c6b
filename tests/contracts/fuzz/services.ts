import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { access } from '@opennrm/contracts/access';
import { CaseRecordServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { ArrivalServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { IdentificationServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { IntakeFormServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/intake_form.ts';
import { NoticeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/notice.ts';
import { IdentificationIntakeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { DirectoryServiceService } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { PlacesServiceService } from '@opennrm/contracts/opennrm/referral/v1/places.ts';
import { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { ShelterCapacityServiceService } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { allPacks, storeCountryPack } from '@opennrm/country/stored-packs';
import { type Clock, type Database, GrpcServer, type Lifecycle, type Log } from '@opennrm/runtime';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { Histogram, Registry } from 'prom-client';
import { caseVaultRpcs } from '../../../services/case-vault/src/inbound/grpc/case.ts';
import { caseRecordRpcs } from '../../../services/case-vault/src/inbound/grpc/case-record.ts';
import { consentRpcs } from '../../../services/case-vault/src/inbound/grpc/consent.ts';
import { personRpcs } from '../../../services/case-vault/src/inbound/grpc/person.ts';
import { safeguardRpcs } from '../../../services/case-vault/src/inbound/grpc/safeguards.ts';
import { fileKeys } from '../../../services/case-vault/src/outbound/sealing/file-keys.ts';
import { sealedStoreWith } from '../../../services/case-vault/src/outbound/sealing/sealed-store.ts';
import { listsOf } from '../../../services/identification-intake/src/domain/screening/indicator-list.ts';
import { arrivalRpcs } from '../../../services/identification-intake/src/inbound/grpc/arrivals.ts';
import { identificationRpcs } from '../../../services/identification-intake/src/inbound/grpc/identification.ts';
import { intakeFormRpcs } from '../../../services/identification-intake/src/inbound/grpc/intake-form.ts';
import { noticeRpcs } from '../../../services/identification-intake/src/inbound/grpc/notices.ts';
import { rpcs as screeningRpcs } from '../../../services/identification-intake/src/inbound/grpc/screening.ts';
import { commands } from '../../../services/referral/src/inbound/grpc/commands.ts';
import { directoryRpcs } from '../../../services/referral/src/inbound/grpc/directory.ts';
import { placesRpcs } from '../../../services/referral/src/inbound/grpc/places.ts';
import { reads } from '../../../services/referral/src/inbound/grpc/reads.ts';
import { watch } from '../../../services/referral/src/inbound/grpc/watch.ts';
import { rpcs as shelterRpcs } from '../../../services/shelter-capacity/src/inbound/grpc/rpcs.ts';
import { addressesWith } from '../../../services/shelter-capacity/src/outbound/addresses.ts';

const COUNTRY = 'infra/countries/sample';

/** The calls of a service, put together as in its `main.ts`, on a database of its own. */
export interface ServiceUnderTest {
  readonly name: string;
  readonly address: string;
  readonly database: Database;
  readonly definitions: readonly ServiceDefinition[];
  /** The errors that the service logged, as JSON. */
  readonly errors: readonly string[];
  stop(): Promise<void>;
}

type AddCalls = (
  server: GrpcServer,
  at: { readonly database: Database; readonly clock: Clock; readonly log: Log },
) => Promise<void>;

const storePack = ({ database, clock, log }: Parameters<AddCalls>[1]) =>
  storeCountryPack({ database, clock, lifecycle: { log } as unknown as Lifecycle }, COUNTRY);

const serviceCalls: Readonly<
  Record<
    string,
    { readonly definitions: readonly ServiceDefinition[]; readonly addCalls: AddCalls }
  >
> = {
  referral: {
    definitions: [ReferralServiceService, DirectoryServiceService, PlacesServiceService],
    async addCalls(server, at) {
      const { current: pack } = await storePack(at);
      server
        .add(ReferralServiceService, { ...commands(pack), ...reads, ...watch(at.database) })
        .add(DirectoryServiceService, directoryRpcs(pack))
        .add(PlacesServiceService, placesRpcs(pack));
    },
  },
  'shelter-capacity': {
    definitions: [ShelterCapacityServiceService],
    async addCalls(server, at) {
      const { current: pack } = await storePack(at);
      server.add(
        ShelterCapacityServiceService,
        shelterRpcs(pack, addressesWith(Buffer.alloc(32, 7))),
      );
    },
  },
  'case-vault': {
    definitions: [
      CaseVaultServiceService,
      ConsentServiceService,
      PersonServiceService,
      SafeguardServiceService,
      CaseRecordServiceService,
    ],
    async addCalls(server, at) {
      const { current: pack } = await storePack(at);
      const folder = await mkdtemp(join(tmpdir(), 'opennrm-fuzz-'));
      folders.push(folder);
      const safe = sealedStoreWith(fileKeys(folder));
      server
        .add(CaseVaultServiceService, caseVaultRpcs(pack, safe))
        .add(ConsentServiceService, consentRpcs(pack))
        .add(PersonServiceService, personRpcs(pack))
        .add(SafeguardServiceService, safeguardRpcs(pack))
        .add(CaseRecordServiceService, caseRecordRpcs(pack, safe, at.database));
    },
  },
  'identification-intake': {
    definitions: [
      IdentificationIntakeServiceService,
      IdentificationServiceService,
      IntakeFormServiceService,
      NoticeServiceService,
      ArrivalServiceService,
    ],
    async addCalls(server, at) {
      const packs = await storePack(at);
      const of = { packs, lists: listsOf(await allPacks(at.database, packs)) };
      server
        .add(IdentificationIntakeServiceService, screeningRpcs(of))
        .add(IdentificationServiceService, identificationRpcs(of))
        .add(IntakeFormServiceService, intakeFormRpcs(of))
        .add(NoticeServiceService, noticeRpcs(of))
        .add(ArrivalServiceService, arrivalRpcs(of));
    },
  },
};

const folders: string[] = [];

export const serviceNames = Object.keys(serviceCalls);

/** A token here is `<person> <organisation> <role>`. Real tokens are tested in `identity.spec.ts`. */
export async function serve(name: string, now: number): Promise<ServiceUnderTest> {
  const parts = serviceCalls[name];
  if (!parts) throw new Error(`there is no service ${name}`);
  const test: TestDatabase = await testDatabase(name);
  const errors: string[] = [];
  const log = logTo(errors);
  const clock: Clock = { now: () => now as ReturnType<Clock['now']>, realDelayUntil: () => 0 };
  const server = new GrpcServer({
    domain: `${name}.opennrm`,
    access,
    database: test.database,
    clock,
    log,
    callsPerSecond: 100_000,
    latency: new Histogram({
      name: 'fuzz',
      help: 'fuzz',
      labelNames: ['rpc', 'code'],
      registers: [new Registry()],
    }),
    desks: (role) => role,
    async verify(token) {
      const [person = '', organisation = '', role = ''] = token.split(' ');
      return { person, organisation, role };
    },
  });
  await parts.addCalls(server, { database: test.database, clock, log });
  const port = await server.listen('127.0.0.1:0');
  return {
    name,
    errors,
    address: `127.0.0.1:${port}`,
    database: test.database,
    definitions: parts.definitions,
    async stop() {
      await server.close();
      await test.drop();
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
    },
  };
}

function logTo(errors: string[]): Log {
  const keep = (facts: unknown): void => void errors.push(JSON.stringify(facts));
  const quiet = (): void => undefined;
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: keep,
    fatal: keep,
    child: () => log,
  } as unknown as Log;
  return log;
}
