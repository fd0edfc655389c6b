import type { Transaction, WriteSet } from '@opennrm/runtime';
import type { ProviderEvent } from '../domain/events.ts';
import { holdOf, type Provider } from '../domain/provider.ts';
import { storeProviderOfHold, storeProviderOfService } from './provider-of.ts';
import { claimRoomsAndUnits } from './room-unit-owners.ts';

/** Updates which hold has which unit, and what belongs to which provider, in the transaction of the provider. */
export async function projectEvent(
  tx: Transaction,
  event: ProviderEvent,
  provider: Provider,
): Promise<void> {
  switch (event.type) {
    case 'ServiceRegistered':
      storeProviderOfService(tx, { id: event.serviceId, providerId: provider.organisationId });
      return;
    case 'SiteRegistered':
      await claimRoomsAndUnits(tx, provider.organisationId, event.rooms);
      return;
    case 'RoomsAdded':
      await claimRoomsAndUnits(tx, provider.organisationId, event.rooms);
      return;
    case 'UnitsHeld':
    case 'UnitsConfirmed':
      storeProviderOfHold(tx, { id: event.holdId, providerId: provider.organisationId });
      occupy(tx, event.holdId, provider);
      return;
    case 'HoldReleased':
    case 'HoldResized':
    case 'HoldMoved':
    case 'UnitsUnavailable':
    case 'StayMoved':
    case 'StayEnded':
      occupy(tx, event.holdId, provider);
      return;
    default:
  }
}

interface Occupied {
  readonly holdId: string;
  readonly providerId: string;
  readonly unitIds: readonly string[];
}

const LEFT: WriteSet<Occupied> = {
  name: 'occupancy-leave',
  text: 'DELETE FROM occupancy WHERE hold_id = ANY ($1::uuid[])',
  key: ({ holdId }) => holdId,
  values: (rows) => [rows.map(({ holdId }) => holdId)],
};

const TAKEN: WriteSet<Occupied> = {
  name: 'occupancy-take',
  text: 'INSERT INTO occupancy (unit_id, hold_id, provider_id) SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[])',
  key: ({ holdId }) => holdId,
  values: (rows) => [
    rows.flatMap(({ unitIds }) => unitIds),
    rows.flatMap(({ unitIds, holdId }) => unitIds.map(() => holdId)),
    rows.flatMap(({ unitIds, providerId }) => unitIds.map(() => providerId)),
  ],
};

/**
 * Stores the units that a hold has now, and no others: every changed hold of the transaction leaves its units before any takes one. A unit
 * that another hold has makes the whole transaction fail.
 */
function occupy(tx: Transaction, holdId: string, provider: Provider): void {
  const unitIds = holdOf(provider, holdId)?.unitIds ?? [];
  const row = { holdId, providerId: provider.organisationId, unitIds };
  tx.write(LEFT, row);
  tx.write(TAKEN, row);
}
