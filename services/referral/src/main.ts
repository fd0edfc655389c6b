import { access } from '@opennrm/contracts/access';
import { DirectoryServiceService } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { PlacesServiceService } from '@opennrm/contracts/opennrm/referral/v1/places.ts';
import { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { storeCountryPack } from '@opennrm/country/stored-packs';
import { startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { onAccreditationEnded } from './handlers/directory.ts';
import { onDeadlineDue } from './handlers/on-deadline-due.ts';
import { onHoldReview } from './handlers/on-hold-review.ts';
import { onServiceAvailable } from './handlers/on-service-available.ts';
import { onTimeOfBook } from './handlers/on-time-of-book.ts';
import { onPersonReview } from './handlers/referred-twice.ts';
import { providerSubscriptions, vaultSubscription } from './inbound/consumed.ts';
import { commands } from './inbound/grpc/commands.ts';
import { directoryRpcs } from './inbound/grpc/directory.ts';
import { placesRpcs } from './inbound/grpc/places.ts';
import { reads } from './inbound/grpc/reads.ts';
import { watch } from './inbound/grpc/watch.ts';
import { announceServices } from './outbound/announced.ts';
import { AVAILABILITY_SIGNAL } from './outbound/availability-signals.ts';
import { SERVICE } from './outbound/directory.ts';
import { HOLD_REVIEW } from './outbound/hold-reviews.ts';
import { offerChanges } from './outbound/offer-changes.ts';
import { PERSON_REVIEW } from './outbound/person-reviews.ts';
import { PLACES } from './outbound/places.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'referral', settings, migrations, access }, async (context) => {
  const { current: pack } = await storeCountryPack(context, settings.COUNTRY_PACK);
  const { database } = await startMessaging({
    ...context,
    subscriptions: [...providerSubscriptions(pack), vaultSubscription(pack)],
    timers: {
      referral: onDeadlineDue(pack),
      [SERVICE]: onAccreditationEnded(pack),
      [AVAILABILITY_SIGNAL]: onServiceAvailable(pack),
      [PERSON_REVIEW]: onPersonReview(pack),
      [HOLD_REVIEW]: onHoldReview(pack),
      [PLACES]: onTimeOfBook,
    },
    onCommit: (tx) => offerChanges.notifyStreams(tx),
  });
  await announceServices(database, context.clock.now());
  return context
    .grpcServer({ database, desks: desksOf(pack) })
    .add(ReferralServiceService, { ...commands(pack), ...reads, ...watch(context.database) })
    .add(DirectoryServiceService, directoryRpcs(pack))
    .add(PlacesServiceService, placesRpcs(pack));
});
