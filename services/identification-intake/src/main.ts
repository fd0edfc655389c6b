import { access } from '@opennrm/contracts/access';
import { ArrivalServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { IdentificationServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { IntakeFormServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/intake_form.ts';
import { NoticeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/notice.ts';
import { IdentificationIntakeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { allPacks, storeCountryPack } from '@opennrm/country/stored-packs';
import { runEvery, startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { listsOf } from './domain/screening/indicator-list.ts';
import { onTimePasses } from './handlers/on-time-passes.ts';
import { fromVault } from './inbound/consumed.ts';
import { arrivalRpcs } from './inbound/grpc/arrivals.ts';
import { identificationRpcs } from './inbound/grpc/identification.ts';
import { intakeFormRpcs } from './inbound/grpc/intake-form.ts';
import { noticeRpcs } from './inbound/grpc/notices.ts';
import { rpcs } from './inbound/grpc/screening.ts';
import { deleteExpiredArrivals } from './outbound/arrivals.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
/** How often expired arrivals are deleted; real time. */
const DELETE_EVERY_MS = 10_000;
const migrations = new URL('../migrations', import.meta.url);

await runService(
  { name: 'identification-intake', settings, migrations, access },
  async (context) => {
    const packs = await storeCountryPack(context, settings.COUNTRY_PACK);
    const lists = listsOf(await allPacks(context.database, packs));
    const of = { packs, lists };
    const { database } = await startMessaging({
      ...context,
      subscriptions: [fromVault],
      timers: { identification_file: onTimePasses },
    });
    const { lifecycle } = context;
    const deleteExpired = async () => {
      const now = await context.agreedNow();
      if (now === undefined) return;
      const count = await deleteExpiredArrivals(database, now);
      if (count > 0) lifecycle.log.info({ count }, 'deleted expired arrivals');
    };
    const cleanup = runEvery(DELETE_EVERY_MS, deleteExpired, lifecycle.log);
    lifecycle.onStop('deleting', () => cleanup.stop());
    return context
      .grpcServer({ database, desks: desksOf(packs.current) })
      .add(IdentificationIntakeServiceService, rpcs(of))
      .add(IdentificationServiceService, identificationRpcs(of))
      .add(IntakeFormServiceService, intakeFormRpcs(of))
      .add(NoticeServiceService, noticeRpcs(of))
      .add(ArrivalServiceService, arrivalRpcs(of));
  },
);
