import { access } from '@opennrm/contracts/access';
import { DirectoryServiceService } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { storeCountryPack } from '@opennrm/country/stored-packs';
import { startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { announceServices } from './adapters/announced.ts';
import { AVAILABILITY_SIGNAL } from './adapters/availability-signals.ts';
import { providerSubscription, vaultSubscription } from './adapters/consumed.ts';
import { SERVICE } from './adapters/directory.ts';
import { commands } from './adapters/grpc/commands.ts';
import { directoryRpcs } from './adapters/grpc/directory.ts';
import { reads } from './adapters/grpc/reads.ts';
import { watch } from './adapters/grpc/watch.ts';
import { offerChanges } from './adapters/offer-changes.ts';
import { SECOND_REFERRAL_CHECK } from './adapters/second-referral-checks.ts';
import { onAccreditationEnded } from './handlers/directory.ts';
import { onDeadlineDue } from './handlers/on-deadline-due.ts';
import { onServiceAvailable } from './handlers/on-service-available.ts';
import { onSecondReferralCheck } from './handlers/referred-twice.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'referral', settings, migrations, access }, async (context) => {
  const { current: pack } = await storeCountryPack(context, settings.COUNTRY_PACK);
  const { database } = await startMessaging({
    ...context,
    subscriptions: [providerSubscription(pack), vaultSubscription(pack)],
    timers: {
      referral: onDeadlineDue(pack),
      [SERVICE]: onAccreditationEnded(pack),
      [AVAILABILITY_SIGNAL]: onServiceAvailable(pack),
      [SECOND_REFERRAL_CHECK]: onSecondReferralCheck(pack),
    },
    onCommit: () => offerChanges.notifyStreams(),
  });
  await announceServices(database, context.clock.now());
  return context
    .grpcServer({ database, desks: desksOf(pack) })
    .add(ReferralServiceService, { ...commands(pack), ...reads, ...watch(context.database) })
    .add(DirectoryServiceService, directoryRpcs(pack));
});
