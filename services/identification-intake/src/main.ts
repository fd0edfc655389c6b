import { access } from '@opennrm/contracts/access';
import { IdentificationIntakeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { loadCountryPack } from '@opennrm/country/load';
import { startMessaging } from '@opennrm/messaging';
import { readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { fromVault } from './adapters/consumed.ts';
import { rpcs } from './adapters/grpc.ts';
import { loadIndicatorLists } from './adapters/indicator-lists.ts';

const settings = settingsOrExit(() => readConfig(serviceSettings));
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'identification-intake', settings, migrations, access }, async (ground) => {
  const pack = await loadCountryPack(settings.COUNTRY_PACK);
  const lists = await loadIndicatorLists(settings.COUNTRY_PACK);
  const { database } = await startMessaging({ ...ground, subscriptions: [fromVault], timers: {} });
  return ground.door({ database }).add(IdentificationIntakeServiceService, rpcs({ pack, lists }));
});
