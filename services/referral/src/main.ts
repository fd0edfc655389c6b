import { access } from '@opennrm/contracts/access';
import { DirectoryServiceService } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { keepCountryPack } from '@opennrm/country/kept';
import { startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { announceServices } from './adapters/announced.ts';
import { fromShelters, fromVault } from './adapters/consumed.ts';
import { SERVICE } from './adapters/directory.ts';
import { FIT_SIGNAL } from './adapters/fit-signals.ts';
import { commands } from './adapters/grpc/commands.ts';
import { directoryRpcs } from './adapters/grpc/directory.ts';
import { reads } from './adapters/grpc/reads.ts';
import { watch } from './adapters/grpc/watch.ts';
import { offerChanges } from './adapters/offer-changes.ts';
import { SECOND_REFERRAL_CHECK } from './adapters/second-referral-checks.ts';
import { onAccreditationEnds } from './handlers/directory.ts';
import { onMayFit } from './handlers/on-may-fit.ts';
import { onTimePasses } from './handlers/on-time-passes.ts';
import { onSecondReferralCheck } from './handlers/referred-twice.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'referral', settings, migrations, access }, async (ground) => {
  const { current: pack } = await keepCountryPack(ground, settings.COUNTRY_PACK);
  const { database } = await startMessaging({
    ...ground,
    subscriptions: [fromShelters(pack), fromVault(pack)],
    timers: {
      referral: onTimePasses(pack),
      [SERVICE]: onAccreditationEnds(pack),
      [FIT_SIGNAL]: onMayFit(pack),
      [SECOND_REFERRAL_CHECK]: onSecondReferralCheck(pack),
    },
    committed: () => offerChanges.announce(),
  });
  await announceServices(database, ground.clock.now());
  return ground
    .door({ database, desks: desksOf(pack) })
    .add(ReferralServiceService, { ...commands(pack), ...reads, ...watch(ground.database) })
    .add(DirectoryServiceService, directoryRpcs(pack));
});
