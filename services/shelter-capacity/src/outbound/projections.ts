import type { Transaction } from '@opennrm/runtime';
import type { ProviderEvent } from '../domain/events.ts';
import { holdOf, type Provider } from '../domain/provider.ts';
import { claimRoomsAndUnits } from './room-unit-owners.ts';

/** Updates which hold has which unit, and what belongs to which provider, in the transaction of the provider. */
export async function projectEvent(
  tx: Transaction,
  event: ProviderEvent,
  provider: Provider,
): Promise<void> {
  switch (event.type) {
    case 'ServiceRegistered':
      await tx.query({
        name: 'service-provider',
        text: `INSERT INTO service_provider (service_id, provider_id) VALUES ($1, $2)
               ON CONFLICT (service_id) DO UPDATE SET provider_id = excluded.provider_id`,
        values: [event.serviceId, provider.organisationId],
      });
      return;
    case 'SiteRegistered':
      await claimRoomsAndUnits(tx, provider.organisationId, event.rooms);
      return;
    case 'RoomsAdded':
      await claimRoomsAndUnits(tx, provider.organisationId, event.rooms);
      return;
    case 'UnitsHeld':
    case 'UnitsConfirmed':
      await tx.query({
        name: 'hold-provider',
        text: 'INSERT INTO hold_provider (hold_id, provider_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        values: [event.holdId, provider.organisationId],
      });
      await occupy(tx, event.holdId, provider);
      return;
    case 'HoldReleased':
    case 'HoldResized':
    case 'HoldMoved':
    case 'UnitsUnavailable':
    case 'StayMoved':
    case 'StayEnded':
      await occupy(tx, event.holdId, provider);
      return;
    default:
  }
}

/** Stores the units that a hold has now, and no others. A unit that another hold has makes the whole decision fail. */
async function occupy(tx: Transaction, holdId: string, provider: Provider): Promise<void> {
  await tx.query({
    name: 'occupancy-leave',
    text: 'DELETE FROM occupancy WHERE hold_id = $1',
    values: [holdId],
  });
  const units = holdOf(provider, holdId)?.unitIds ?? [];
  if (units.length === 0) return;
  await tx.query({
    name: 'occupancy-take',
    text: 'INSERT INTO occupancy (unit_id, hold_id, provider_id) SELECT unnest($1::text[]), $2, $3',
    values: [units, holdId, provider.organisationId],
  });
}
