import { access } from '@opennrm/contracts/access';
import { ShelterCapacityServiceService } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { storeCountryPack } from '@opennrm/country/stored-packs';
import { startMessaging } from '@opennrm/messaging';
import {
  loadOrCreateKey,
  readConfig,
  runService,
  serviceSettings,
  settingsOrExit,
} from '@opennrm/runtime';
import { z } from 'zod';
import { onTimePasses } from './handlers/on-time-passes.ts';
import { fromReferral } from './inbound/consumed.ts';
import { rpcs } from './inbound/grpc/rpcs.ts';
import { addressesWith } from './outbound/addresses.ts';

const settings = settingsOrExit(() =>
  readConfig({ ...serviceSettings, ADDRESS_KEY_FILE: z.string().min(1) }),
);
const migrations = new URL('../migrations', import.meta.url);

await runService({ name: 'shelter-capacity', settings, migrations, access }, async (context) => {
  const { current: pack } = await storeCountryPack(context, settings.COUNTRY_PACK);
  const key = await loadOrCreateKey(settings.ADDRESS_KEY_FILE);
  const hashKey = await loadOrCreateKey(`${settings.ADDRESS_KEY_FILE}.requests`);
  const { database } = await startMessaging({
    ...context,
    subscriptions: [fromReferral],
    timers: { provider: onTimePasses },
  });
  return context
    .grpcServer({ database, desks: desksOf(pack), hashKey })
    .add(ShelterCapacityServiceService, rpcs(pack, addressesWith(key)));
});
