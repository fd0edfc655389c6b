import { access } from '@opennrm/contracts/access';
import { ShelterCapacityServiceService } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { keepCountryPack } from '@opennrm/country/kept';
import { startMessaging } from '@opennrm/messaging';
import { keyFile, readConfig, runService, serviceSettings, settingsOrExit } from '@opennrm/runtime';
import { z } from 'zod';
import { addressesWith } from './adapters/addresses.ts';
import { fromReferral } from './adapters/consumed.ts';
import { rpcs } from './adapters/grpc/rpcs.ts';
import { onTimePasses } from './handlers/on-time-passes.ts';

const settings = settingsOrExit(() => readConfig({ ...serviceSettings, ADDRESS_KEY_FILE: z.string().min(1) }));
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'shelter-capacity', settings, migrations, access }, async (ground) => {
  const { current: pack } = await keepCountryPack(ground, settings.COUNTRY_PACK);
  const key = await keyFile(settings.ADDRESS_KEY_FILE);
  const hashKey = await keyFile(`${settings.ADDRESS_KEY_FILE}.requests`);
  const { database } = await startMessaging({
    ...ground,
    subscriptions: [fromReferral],
    timers: { provider: onTimePasses },
  });
  return ground
    .door({ database, desks: desksOf(pack), hashKey })
    .add(ShelterCapacityServiceService, rpcs(pack, addressesWith(key)));
});
