import { fileURLToPath } from 'node:url';
import { access } from '@opennrm/contracts/access';
import { ShelterCapacityServiceService } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { loadCountryPack } from '@opennrm/country/load';
import { startMessaging } from '@opennrm/messaging';
import {
  businessClock,
  GrpcServer,
  keyFile,
  openDatabase,
  readConfig,
  requireSchema,
  run,
  serviceSettings,
  settingsOrExit,
  tokenVerifier,
} from '@opennrm/runtime';
import { z } from 'zod';
import { addressesWith } from './adapters/addresses.ts';
import { fromReferral } from './adapters/consumed.ts';
import { rpcs } from './adapters/grpc/rpcs.ts';
import { onTimePasses } from './handlers/on-time-passes.ts';

const settings = settingsOrExit(() => readConfig({ ...serviceSettings, ADDRESS_KEY_FILE: z.string().min(1) }));
const CALLS_PER_SECOND = 500;

await run({ name: 'shelter-capacity', healthPort: settings.HEALTH_PORT }, async (life) => {
  const clock = businessClock(settings.CLOCK_FILE);
  const pack = await loadCountryPack(settings.COUNTRY_PACK);
  const key = await keyFile(settings.ADDRESS_KEY_FILE);
  const database = openDatabase(settings.DATABASE_URL, { name: 'shelter-capacity' });
  life.onStop('database', () => database.close());
  await requireSchema(database, fileURLToPath(new URL('../migrations', import.meta.url)));

  const messaging = await startMessaging({
    ...{ service: 'shelter-capacity', brokers: settings.KAFKA_BROKERS, database, clock, life },
    subscriptions: [fromReferral],
    timers: { provider: onTimePasses },
  });

  const server = new GrpcServer({
    ...{
      domain: 'shelter-capacity.opennrm',
      access,
      database: messaging.database,
      clock,
      callsPerSecond: CALLS_PER_SECOND,
    },
    ...{ verify: tokenVerifier(settings.IDENTITY_JWKS), log: life.log, latency: life.latency },
    hashKey: await keyFile(`${settings.ADDRESS_KEY_FILE}.requests`),
  }).add(ShelterCapacityServiceService, rpcs(pack, addressesWith(key)));
  await server.listen(settings.GRPC_ADDRESS);
  life.onStop('grpc', () => server.close());
});
