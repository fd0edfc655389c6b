import { access } from '@opennrm/contracts/access';
import { ArrivalServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { IdentificationServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { IntakeFormServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/intake_form.ts';
import { NoticeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/notice.ts';
import { IdentificationIntakeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { everyPack, keepCountryPack } from '@opennrm/country/kept';
import { every, startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { deleteWhatIsOver } from './adapters/arrivals.ts';
import { fromVault } from './adapters/consumed.ts';
import { arrivalRpcs } from './adapters/grpc/arrivals.ts';
import { identificationRpcs } from './adapters/grpc/identification.ts';
import { intakeFormRpcs } from './adapters/grpc/intake-form.ts';
import { noticeRpcs } from './adapters/grpc/notices.ts';
import { rpcs } from './adapters/grpc/screening.ts';
import { listsOf } from './domain/screening/indicator-list.ts';
import { onTimePasses } from './handlers/on-time-passes.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
/** How often arrivals whose time is over are looked for; real time. */
const LOOK_EVERY_MS = 10_000;
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'identification-intake', settings, migrations, access }, async (ground) => {
  const packs = await keepCountryPack(ground, settings.COUNTRY_PACK);
  const lists = listsOf(await everyPack(ground.database, packs));
  const of = { packs, lists };
  const { database } = await startMessaging({
    ...ground,
    subscriptions: [fromVault],
    timers: { identification_file: onTimePasses },
  });
  const { life } = ground;
  const over = async () => {
    const now = await ground.agreedNow();
    if (now === undefined) return;
    const count = await deleteWhatIsOver(database, now);
    if (count > 0) life.log.info({ count }, 'arrivals whose time was over are deleted');
  };
  const deleting = every(LOOK_EVERY_MS, over, life.log);
  life.onStop('deleting', () => deleting.stop());
  return ground
    .door({ database, desks: desksOf(packs.current) })
    .add(IdentificationIntakeServiceService, rpcs(of))
    .add(IdentificationServiceService, identificationRpcs(of))
    .add(IntakeFormServiceService, intakeFormRpcs(of))
    .add(NoticeServiceService, noticeRpcs(of))
    .add(ArrivalServiceService, arrivalRpcs(of));
});
