import { fileURLToPath } from 'node:url';
import { access } from '@opennrm/contracts/access';
import { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { loadCountryPack } from '@opennrm/country/load';
import { startMessaging } from '@opennrm/messaging';
import {
  businessClock,
  GrpcServer,
  openDatabase,
  readConfig,
  requireSchema,
  run,
  serviceSettings,
  settingsOrExit,
  tokenVerifier,
} from '@opennrm/runtime';
import { z } from 'zod';
import { fromIntake, fromReferral, fromShelters } from './adapters/consumed.ts';
import { rpcs } from './adapters/grpc.ts';
import { fileKeys } from './adapters/sealing/file-keys.ts';
import { safeWith } from './adapters/sealing/safe.ts';

const settings = settingsOrExit(() => readConfig({ ...serviceSettings, KEY_DIRECTORY: z.string().min(1) }));
const CALLS_PER_SECOND = 500;

await run({ name: 'case-vault', healthPort: settings.HEALTH_PORT }, async (life) => {
  const clock = businessClock(settings.CLOCK_FILE);
  const pack = await loadCountryPack(settings.COUNTRY_PACK);
  const keys = fileKeys(settings.KEY_DIRECTORY);
  const database = openDatabase(settings.DATABASE_URL, { name: 'case-vault' });
  life.onStop('database', () => database.close());
  await requireSchema(database, fileURLToPath(new URL('../migrations', import.meta.url)));

  const messaging = await startMessaging({
    ...{ service: 'case-vault', brokers: settings.KAFKA_BROKERS, database, clock, life },
    subscriptions: [fromReferral, fromShelters, fromIntake],
    timers: {},
  });

  const server = new GrpcServer({
    ...{ domain: 'case-vault.opennrm', access, database: messaging.database, clock, callsPerSecond: CALLS_PER_SECOND },
    ...{ verify: tokenVerifier(settings.IDENTITY_JWKS), log: life.log, latency: life.latency },
    hashKey: await keys.hashKey(),
  }).add(CaseVaultServiceService, rpcs(pack, safeWith(keys)));
  await server.listen(settings.GRPC_ADDRESS);
  life.onStop('grpc', () => server.close());
});
