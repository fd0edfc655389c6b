import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { IdentificationServiceClient } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import type { CountryPack } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { inRepository, scratchDirectory } from '@opennrm/infra/local';
import { connect } from '@opennrm/runtime';
import { type Organisation, startWorld, type World } from '../world.ts';

/** The platform under the rules of one country, and the bodies of that country. */
export interface TestCountry {
  readonly world: World;
  readonly pack: CountryPack;
  /** A copy of the pack that this run may change. */
  readonly folder: string;
  readonly client: IdentificationServiceClient;
  /** The body that decides, and the same with powers of enforcement besides. */
  readonly authority: Organisation;
  readonly enforcingAuthority: Organisation;
  stop(): Promise<void>;
}

export async function startCountry(name: string): Promise<TestCountry> {
  const scratch = await scratchDirectory('country');
  for (const one of ['sample', name]) {
    await cp(inRepository(`infra/countries/${one}`), join(scratch.path, one), { recursive: true });
  }
  const folder = join(scratch.path, name);
  const pack = await loadCountryPack(folder);
  const world = await startWorld({ countryPack: folder });
  const client = connect(
    IdentificationServiceClient,
    world.platform
      .service('identification-intake')
      .replicas.map((one) => one.grpcAddress)
      .join(','),
  );
  const [plain, enforcing] = pack.identification.authorities;
  return {
    world,
    pack,
    folder,
    client,
    authority: world.organisation(plain?.organisationId),
    enforcingAuthority: world.organisation(enforcing?.organisationId),
    async stop() {
      client.close();
      await world.stop();
      await scratch.remove();
    },
  };
}

/** Somebody whose case is open; synthetic, and known here by references alone. */
export interface Identified {
  readonly caseId: string;
  readonly caseReference: string;
  readonly processId: string;
  /** Printed on the person's certificate. */
  readonly markerId: string;
}
