import { access } from '@opennrm/contracts/access';
import { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { keepCountryPack } from '@opennrm/country/kept';
import { startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { z } from 'zod';
import { fromIntake, fromReferral, fromShelters } from './adapters/consumed.ts';
import { rpcs } from './adapters/grpc.ts';
import { fileKeys } from './adapters/sealing/file-keys.ts';
import { safeWith } from './adapters/sealing/safe.ts';

const settings = settingsOrExit(() => readConfig({ ...serviceSettings, KEY_DIRECTORY: z.string().min(1) }));
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'case-vault', settings, migrations, access }, async (ground) => {
  const { current: pack } = await keepCountryPack(ground.database, settings.COUNTRY_PACK);
  const keys = fileKeys(settings.KEY_DIRECTORY);
  const hashKey = await keys.hashKey();
  const { database } = await startMessaging({
    ...ground,
    subscriptions: [fromReferral, fromShelters, fromIntake],
    timers: {},
  });
  return ground.door({ database, hashKey }).add(CaseVaultServiceService, rpcs(pack, safeWith(keys)));
});
