import { accept, type Decision } from '@opennrm/runtime/decision';
import { type ApartAdded, type ApartOverlapFound, ignored } from './events.ts';
import { type Hold, type HoldId, holdOf } from './hold.ts';

/** One of these holds is of a person who must be kept apart from the person of these ids. */
export const sharesApartId = (holds: readonly Hold[], apartIds: readonly string[]): boolean =>
  holds.some((hold) => hold.terms.apartIds.some((one) => apartIds.includes(one)));

/**
 * A pair to be kept apart was recorded after the hold was made. Nobody is moved and no hold ends. Where holds overlap now, this is announced
 * for each of them.
 */
export function addApart(
  holds: readonly Hold[],
  holdId: HoldId,
  apartId: string,
): Decision<ApartAdded | ApartOverlapFound> {
  const hold = holdOf(holds, holdId);
  if (!hold) return ignored('no-such-hold');
  if (hold.terms.apartIds.includes(apartId)) return ignored('already-kept-apart');
  const others = holds.filter((one) => one.terms.apartIds.includes(apartId));
  const overlapping = others.length > 0 ? [hold, ...others] : [];
  return accept<ApartAdded | ApartOverlapFound>(
    { type: 'ApartAdded', holdId, apartId },
    ...overlapping.map(
      (one): ApartOverlapFound => ({
        type: 'ApartOverlapFound',
        holdId: one.holdId,
      }),
    ),
  );
}
