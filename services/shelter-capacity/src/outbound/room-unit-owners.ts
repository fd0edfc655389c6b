import type { Transaction } from '@opennrm/runtime';
import type { Room } from '../domain/site.ts';

/** The field of a room or unit id in a request. */
interface NamedId {
  readonly kind: 'room' | 'unit';
  readonly id: string;
  readonly field: string;
}

const roomAndUnitIds = (rooms: readonly Room[]): NamedId[] =>
  rooms.flatMap(({ roomId, unitIds }, room) => [
    { kind: 'room' as const, id: roomId, field: `rooms[${room}].room_id` },
    ...unitIds.map((id, unit) => ({
      kind: 'unit' as const,
      id,
      field: `rooms[${room}].unit_ids[${unit}]`,
    })),
  ]);

/** The field of the first room or unit whose id belongs to another provider; undefined when there is none. */
export async function fieldOwnedByAnother(
  tx: Transaction,
  organisationId: string,
  rooms: readonly Room[],
): Promise<string | undefined> {
  const ids = roomAndUnitIds(rooms);
  const { rows } = await tx.query<{ kind: string; room_or_unit_id: string }>({
    name: 'rooms-units-of-others',
    text: `SELECT kind, room_or_unit_id FROM room_unit_owner
           WHERE (kind, room_or_unit_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) AND provider_id <> $3`,
    values: [ids.map(({ kind }) => kind), ids.map(({ id }) => id), organisationId],
  });
  return ids.find(({ kind, id }) =>
    rows.some((row) => row.kind === kind && row.room_or_unit_id === id),
  )?.field;
}

/** Two providers named one id at the same moment. The transaction is repeated, and the later one is refused with the field. */
class IdClaimed extends Error {
  readonly code = '40001';
}

/** Stores that these rooms and units belong to this provider. */
export async function claimRoomsAndUnits(
  tx: Transaction,
  organisationId: string,
  rooms: readonly Room[],
): Promise<void> {
  const ids = roomAndUnitIds(rooms).sort((one, other) => (one.id < other.id ? -1 : 1));
  if (ids.length === 0) return;
  const { rows } = await tx.query<{ owned: boolean }>({
    name: 'rooms-units-claim',
    text: `INSERT INTO room_unit_owner (kind, room_or_unit_id, provider_id) SELECT kind, room_or_unit_id, $3 FROM unnest($1::text[], $2::uuid[]) AS of (kind, room_or_unit_id)
           ON CONFLICT (kind, room_or_unit_id) DO UPDATE SET provider_id = room_unit_owner.provider_id RETURNING provider_id = $3 AS owned`,
    values: [ids.map(({ kind }) => kind), ids.map(({ id }) => id), organisationId],
  });
  if (rows.some(({ owned }) => !owned)) throw new IdClaimed('a room or unit has one provider');
}
