import { type AggregateKind, aggregateStore } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { PlacesEvent } from '../domain/places/events.ts';
import { evolvePlaces, nextTime, type Places } from '../domain/places/places.ts';

/** The table of declared places, and the aggregate of their timers: an appointment book has one at its next time. */
export const PLACES = 'places';

const kind: AggregateKind<Places, PlacesEvent> = {
  name: PLACES,
  evolve: evolvePlaces,
  row: ({ organisationId }) => ({ owner_org: organisationId }),
  afterEvent: async (tx, event) => {
    if (event.type === 'ServiceEnded') await storeEnd(tx, event.holdId);
  },
  // Its answers go to referrals of this service, in the same transaction.
  messages: () => [],
  nextDeadline: (state) => {
    const due = nextTime(state);
    return due === undefined ? undefined : { kind: 'time-of-the-book', due };
  },
};

/** What each service of the directory has declared, and who holds its units. A row is locked after the referral. */
export const places = aggregateStore(kind);

/** A constant of this database: any number that no other lock of it uses. */
const LOCK = 7_412;

/**
 * One transaction at a time asks the module `directory`: a search may ask one service after another, in any order, so row locks alone could wait for
 * each other in a circle. Every referral that the transaction changes is locked before this.
 */
export const lockDirectory = (tx: Transaction): Promise<unknown> =>
  tx.query({ name: 'directory-lock', text: 'SELECT pg_advisory_xact_lock($1)', values: [LOCK] });

const storeEnd = (tx: Transaction, holdId: string): Promise<unknown> =>
  tx.query({
    name: 'ended-hold-add',
    text: 'INSERT INTO ended_hold (hold_id) VALUES ($1) ON CONFLICT DO NOTHING',
    values: [holdId],
  });

/** The service that began for this hold is over. */
export async function hasEnded(tx: Transaction, holdId: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'ended-hold-find',
    text: 'SELECT 1 FROM ended_hold WHERE hold_id = $1',
    values: [holdId],
  });
  return rowCount === 1;
}
