import { fileURLToPath } from 'node:url';
import { access } from '@opennrm/contracts/access';
import { IdentificationIntakeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
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
import { fromVault } from './adapters/consumed.ts';
import { rpcs } from './adapters/grpc.ts';
import { loadIndicatorLists } from './adapters/indicator-lists.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
const CALLS_PER_SECOND = 500;

await run({ name: 'identification-intake', healthPort: settings.HEALTH_PORT }, async (life) => {
  const clock = businessClock(settings.CLOCK_FILE);
  const pack = await loadCountryPack(settings.COUNTRY_PACK);
  const lists = await loadIndicatorLists(settings.COUNTRY_PACK);
  const database = openDatabase(settings.DATABASE_URL, { name: 'identification-intake' });
  life.onStop('database', () => database.close());
  await requireSchema(database, fileURLToPath(new URL('../migrations', import.meta.url)));

  const messaging = await startMessaging({
    ...{ service: 'identification-intake', brokers: settings.KAFKA_BROKERS, database, clock, life },
    subscriptions: [fromVault],
    timers: {},
  });

  const server = new GrpcServer({
    ...{
      domain: 'identification-intake.opennrm',
      access,
      database: messaging.database,
      clock,
      callsPerSecond: CALLS_PER_SECOND,
    },
    ...{ verify: tokenVerifier(settings.IDENTITY_JWKS), log: life.log, latency: life.latency },
  }).add(IdentificationIntakeServiceService, rpcs({ pack, lists }));
  await server.listen(settings.GRPC_ADDRESS);
  life.onStop('grpc', () => server.close());
});
