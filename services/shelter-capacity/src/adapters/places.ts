import type { Transaction } from '@opennrm/runtime';
import type { Room } from '../domain/site.ts';

/** Where the id of a place stands in a request. */
interface Named {
  readonly kind: 'room' | 'unit';
  readonly id: string;
  readonly field: string;
}

const placesIn = (rooms: readonly Room[]): Named[] =>
  rooms.flatMap(({ roomId, unitIds }, room) => [
    { kind: 'room' as const, id: roomId, field: `rooms[${room}].room_id` },
    ...unitIds.map((id, unit) => ({ kind: 'unit' as const, id, field: `rooms[${room}].unit_ids[${unit}]` })),
  ]);

/** The field of the first room or unit whose id belongs to another provider; undefined when there is none. */
export async function placeOfAnother(
  tx: Transaction,
  organisationId: string,
  rooms: readonly Room[],
): Promise<string | undefined> {
  const places = placesIn(rooms);
  const { rows } = await tx.query<{ kind: string; place_id: string }>({
    name: 'places-of-others',
    text: `SELECT kind, place_id FROM place_owner
           WHERE (kind, place_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) AND provider_id <> $3`,
    values: [places.map(({ kind }) => kind), places.map(({ id }) => id), organisationId],
  });
  return places.find(({ kind, id }) => rows.some((row) => row.kind === kind && row.place_id === id))?.field;
}

/** Two providers named one id at the same moment: done again, the later one is refused by name. */
class PlaceClaimed extends Error {
  readonly code = '40001';
}

/** Keeps that these rooms and units are this provider's. */
export async function claimPlaces(tx: Transaction, organisationId: string, rooms: readonly Room[]): Promise<void> {
  const places = placesIn(rooms).sort((one, other) => (one.id < other.id ? -1 : 1));
  if (places.length === 0) return;
  const { rows } = await tx.query<{ owned: boolean }>({
    name: 'places-claim',
    text: `INSERT INTO place_owner (kind, place_id, provider_id) SELECT kind, place_id, $3 FROM unnest($1::text[], $2::uuid[]) AS of (kind, place_id)
           ON CONFLICT (kind, place_id) DO UPDATE SET provider_id = place_owner.provider_id RETURNING provider_id = $3 AS owned`,
    values: [places.map(({ kind }) => kind), places.map(({ id }) => id), organisationId],
  });
  if (rows.some(({ owned }) => !owned)) throw new PlaceClaimed('a place has one provider');
}
