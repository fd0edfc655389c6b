import { access } from '@opennrm/contracts/access';
import { CaseRecordServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { storeCountryPack } from '@opennrm/country/stored-packs';
import { runEvery, startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { z } from 'zod';
import { onTimePasses } from './handlers/on-time-passes.ts';
import { onComingOfAge } from './handlers/person.ts';
import { fromIntake, fromReferral, fromShelters } from './inbound/consumed.ts';
import { caseVaultRpcs } from './inbound/grpc/case.ts';
import { caseRecordRpcs } from './inbound/grpc/case-record.ts';
import { consentRpcs } from './inbound/grpc/consent.ts';
import { personRpcs } from './inbound/grpc/person.ts';
import { safeguardRpcs } from './inbound/grpc/safeguards.ts';
import { deleteUnfinishedAttachments } from './outbound/attachments.ts';
import { fileKeys } from './outbound/sealing/file-keys.ts';
import { sealedStoreWith } from './outbound/sealing/sealed-store.ts';

const settings = settingsOrExit(() =>
  readConfig({ ...serviceSettings, KEY_DIRECTORY: z.string().min(1) }),
);
/** How often unfinished attachments are deleted, in real time. */
const CLEANUP_EVERY_MS = 60_000;
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'case-vault', settings, migrations, access }, async (context) => {
  const { current: pack } = await storeCountryPack(context, settings.COUNTRY_PACK);
  const keys = fileKeys(settings.KEY_DIRECTORY);
  const hashKey = await keys.hashKey();
  const sealedStore = sealedStoreWith(keys);
  const { database } = await startMessaging({
    ...context,
    subscriptions: [fromReferral(pack), fromShelters, fromIntake(pack)],
    timers: { case_file: onTimePasses(pack), coming_of_age: onComingOfAge(pack) },
  });
  const { lifecycle } = context;
  const deleteUnfinished = async () => {
    const now = await context.agreedNow();
    if (now === undefined) return;
    const count = await deleteUnfinishedAttachments(database, now);
    if (count > 0) lifecycle.log.info({ count }, 'deleted unfinished attachments');
  };
  const cleanup = runEvery(CLEANUP_EVERY_MS, deleteUnfinished, lifecycle.log);
  lifecycle.onStop('forgetting', () => cleanup.stop());
  return context
    .grpcServer({ database, desks: desksOf(pack), hashKey })
    .add(CaseVaultServiceService, caseVaultRpcs(pack, sealedStore))
    .add(ConsentServiceService, consentRpcs(pack))
    .add(PersonServiceService, personRpcs(pack))
    .add(SafeguardServiceService, safeguardRpcs(pack))
    .add(CaseRecordServiceService, caseRecordRpcs(pack, sealedStore, database));
});
