import { access } from '@opennrm/contracts/access';
import { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { WordsServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/words.ts';
import { desksOf } from '@opennrm/country';
import { keepCountryPack } from '@opennrm/country/kept';
import { every, startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { z } from 'zod';
import { forgetUnfinished } from './adapters/attachments.ts';
import { fromIntake, fromReferral, fromShelters } from './adapters/consumed.ts';
import { caseVaultRpcs } from './adapters/grpc/case.ts';
import { consentRpcs } from './adapters/grpc/consent.ts';
import { personRpcs } from './adapters/grpc/person.ts';
import { safeguardRpcs } from './adapters/grpc/safeguards.ts';
import { wordsRpcs } from './adapters/grpc/words.ts';
import { fileKeys } from './adapters/sealing/file-keys.ts';
import { safeWith } from './adapters/sealing/safe.ts';
import { onTimePasses } from './handlers/on-time-passes.ts';
import { onComingOfAge } from './handlers/person.ts';

const settings = settingsOrExit(() => readConfig({ ...serviceSettings, KEY_DIRECTORY: z.string().min(1) }));
/** How often attachments that were never finished are looked for; real time. */
const LOOK_EVERY_MS = 60_000;
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'case-vault', settings, migrations, access }, async (ground) => {
  const { current: pack } = await keepCountryPack(ground, settings.COUNTRY_PACK);
  const keys = fileKeys(settings.KEY_DIRECTORY);
  const hashKey = await keys.hashKey();
  const safe = safeWith(keys);
  const { database } = await startMessaging({
    ...ground,
    subscriptions: [fromReferral, fromShelters, fromIntake],
    timers: { case_file: onTimePasses(pack), coming_of_age: onComingOfAge(pack) },
  });
  const { life } = ground;
  const forget = async () => {
    const now = await ground.agreedNow();
    if (now === undefined) return;
    const count = await forgetUnfinished(database, now);
    if (count > 0) life.log.info({ count }, 'attachments that were never finished are forgotten');
  };
  const forgetting = every(LOOK_EVERY_MS, forget, life.log);
  life.onStop('forgetting', () => forgetting.stop());
  return ground
    .door({ database, desks: desksOf(pack), hashKey })
    .add(CaseVaultServiceService, caseVaultRpcs(pack, safe))
    .add(ConsentServiceService, consentRpcs(pack))
    .add(PersonServiceService, personRpcs(pack))
    .add(SafeguardServiceService, safeguardRpcs(pack))
    .add(WordsServiceService, wordsRpcs(pack, safe, database));
});
