import { fileURLToPath } from 'node:url';
import { access } from '@opennrm/contracts/access';
import { DirectoryServiceService } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
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
import { fromShelters, fromVault } from './adapters/consumed.ts';
import { commands } from './adapters/grpc/commands.ts';
import { directoryRpcs } from './adapters/grpc/directory.ts';
import { reads } from './adapters/grpc/reads.ts';
import { watch } from './adapters/grpc/watch.ts';
import { offerChanges } from './adapters/offer-changes.ts';
import { onTimePasses } from './handlers/on-time-passes.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
const CALLS_PER_SECOND = 500;

await run({ name: 'referral', healthPort: settings.HEALTH_PORT }, async (life) => {
  const clock = businessClock(settings.CLOCK_FILE);
  const pack = await loadCountryPack(settings.COUNTRY_PACK);
  const database = openDatabase(settings.DATABASE_URL, { name: 'referral' });
  life.onStop('database', () => database.close());
  await requireSchema(database, fileURLToPath(new URL('../migrations', import.meta.url)));

  const messaging = await startMessaging({
    ...{ service: 'referral', brokers: settings.KAFKA_BROKERS, database, clock, life },
    subscriptions: [fromShelters(pack), fromVault(pack)],
    timers: { referral: onTimePasses(pack) },
    committed: () => offerChanges.announce(),
  });

  const server = new GrpcServer({
    ...{ domain: 'referral.opennrm', access, database: messaging.database, clock, callsPerSecond: CALLS_PER_SECOND },
    ...{ verify: tokenVerifier(settings.IDENTITY_JWKS), log: life.log, latency: life.latency },
  })
    .add(ReferralServiceService, { ...commands(pack), ...reads, ...watch(database) })
    .add(DirectoryServiceService, directoryRpcs(pack));
  await server.listen(settings.GRPC_ADDRESS);
  life.onStop('grpc', () => server.close());
});
