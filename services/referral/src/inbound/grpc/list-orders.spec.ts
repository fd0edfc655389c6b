import { randomUUID } from 'node:crypto';
import { ReferralState } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import type { Actor, Call, Rpc } from '@opennrm/runtime';
import { type ListPage, type OrderedList, specifyListOrders } from '@opennrm/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { monday, pack, service } from '../../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../../outbound/referral-database.fixture.ts';
import { directoryRpcs } from './directory.ts';
import { reads } from './reads.ts';

/** A row of any list, with the values by which the lists are ordered and filtered. */
interface Row {
  readonly id: string;
  readonly at: number;
  readonly organisation: string;
  /** Open, unresolved or unplaced; false: closed, resolved or withdrawn. */
  readonly isWaiting: boolean;
}

/** Ends a page between rows of the same time in every list. */
const PAGE_SIZE = 2;
/** Several rows of each time, not in the order of time. */
const MOMENTS = [500, 300, 500, 100, 300, 500, 300];

const organisation = randomUUID();
const own = callOf(monday, 'caseworker', organisation).actor;
const coordinator = callOf(monday, 'coordinator').actor;
const provider = callOf(monday, 'provider-staff', organisation).actor;

let world: Awaited<ReturnType<typeof referralDatabase>>;
let parent: string;
beforeEach(async () => {
  world = await referralDatabase();
  parent = randomUUID();
});
afterEach(() => world.drop());

const addReferral = ({ id, at, organisation: owner, isWaiting }: Row) =>
  world.database.query(
    `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     VALUES ($1, $2, 1, 1, '{}', $3, 0, $4, 'safe-accommodation', 'women', 1, '{}')`,
    [id, owner, isWaiting ? 'unplaced' : 'withdrawn', at],
  );

const view = {
  unitKind: 'bed',
  places: 1,
  urgency: 'urgent',
  askedCount: 1,
  remindersSent: 0,
  acceptance: 'by-offer',
};
const addOffer = ({ id, at, organisation: asked, isWaiting }: Row) =>
  world.database.query(
    `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, view)
     VALUES ($1, $2, $3, $3, $4, $5, 1, $6, $7)`,
    [id, parent, asked, isWaiting ? 'open' : 'declined', isWaiting, at, view],
  );

const addAlert = ({ id, at, organisation: owner, isWaiting }: Row, ofAll: boolean) =>
  world.database.query(
    `INSERT INTO alert (alert_id, referral_id, owner_org, code, owner_role, raised_at, act_by, level, resolved)
     VALUES ($1, $2, $3, 'unplaced', 'coordinator', $4, $5, 1, $6)`,
    // The other of the two times must not decide the order.
    [id, parent, owner, ofAll ? at : 1_000 - at, ofAll ? 1_000 - at : at, !isWaiting],
  );

/** Each time is another need here. */
const needOf = ({ at }: Row): string => `need-${at}`;
const addService = async (row: Row) => {
  await world.database.query(
    `INSERT INTO organisation (id, kind, registered_by) VALUES ($1, 'private', $1) ON CONFLICT DO NOTHING`,
    [row.organisation],
  );
  const state = {
    ...service('by-offer'),
    serviceId: row.id,
    organisationId: row.organisation,
    need: needOf(row),
  };
  return world.database.query(
    'INSERT INTO service (id, owner_org, version, generation, state, need) VALUES ($1, $2, 1, 1, $3, $4)',
    [row.id, row.organisation, state, needOf(row)],
  );
};

/** Offers and alerts belong to a referral, which the lists of referrals must not contain. */
const withParent = (add: (row: Row) => Promise<unknown>) => async (row: Row) => {
  const { rowCount } = await world.database.query('SELECT 1 FROM referral WHERE id = $1', [parent]);
  if (rowCount === 0)
    await addReferral({ id: parent, at: 0, organisation: randomUUID(), isWaiting: false });
  return add(row);
};

async function answered<Request, Response>(
  rpc: Rpc<Request, Response>,
  request: Request,
  actor: Actor,
) {
  if (rpc.kind !== 'unary') throw new Error('an rpc with one answer');
  const checked = rpc.check(request);
  if (!checked.ok)
    throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  const call: Call = { actor, at: monday, rpc: 'spec' };
  const given = await world.inTransaction((tx) => checked.work(tx, call));
  if (given.kind !== 'answer') throw new Error(given.refusal);
  return given.response;
}

const offers = async (caller: Actor, pageToken: string): Promise<ListPage> => {
  const page = await answered(reads.listOpenOffers, { pageSize: PAGE_SIZE, pageToken }, caller);
  return { ids: page.offers.map((one) => one.offerId), nextPageToken: page.nextPageToken };
};

const referralsIn = (state: ReferralState) => async (caller: Actor, pageToken: string) => {
  const page = await answered(
    reads.listReferrals,
    { pageSize: PAGE_SIZE, pageToken, state },
    caller,
  );
  return { ids: page.referrals.map((one) => one.referralId), nextPageToken: page.nextPageToken };
};

const alertsAnd = (includeResolved: boolean) => async (caller: Actor, pageToken: string) => {
  const page = await answered(
    reads.listAlerts,
    { pageSize: PAGE_SIZE, pageToken, includeResolved },
    caller,
  );
  return { ids: page.alerts.map((one) => one.alertId), nextPageToken: page.nextPageToken };
};

const services = async (pageToken: string): Promise<ListPage> => {
  const page = await answered(
    directoryRpcs(pack).listServices,
    { pageSize: PAGE_SIZE, pageToken },
    own,
  );
  return { ids: page.services.map((one) => one.serviceId), nextPageToken: page.nextPageToken };
};

const isOwn = (row: Row): boolean => row.organisation === organisation;
const ofRow = {
  positionOf: ({ at, id }: Row) => [at, id],
  idOf: ({ id }: Row) => id,
};
const oldestFirst = { ...ofRow, order: 'oldest first', direction: 'ascending' } as const;
const newestFirst = { ...ofRow, order: 'newest first', direction: 'descending' } as const;
const mostUrgentFirst = { ...oldestFirst, order: 'most urgent first' } as const;

const unplaced = referralsIn(ReferralState.UNPLACED);
const every = referralsIn(ReferralState.UNSPECIFIED);
const unresolved = alertsAnd(false);
const withResolved = alertsAnd(true);
const isOwnAndWaiting = (row: Row): boolean => isOwn(row) && row.isWaiting;
const isWaiting = (row: Row): boolean => row.isWaiting;
const isAny = (): boolean => true;
const addOfferOfReferral = withParent(addOffer);
const addUnresolved = withParent((row) => addAlert(row, false));
const addAmongAll = withParent((row) => addAlert(row, true));

const lists: Readonly<Record<string, OrderedList<Row>>> = {
  'open offers': {
    ...oldestFirst,
    page: (token) => offers(provider, token),
    add: addOfferOfReferral,
    has: isOwnAndWaiting,
  },
  'referrals of every organisation': {
    ...newestFirst,
    page: (token) => every(coordinator, token),
    add: addReferral,
    has: isAny,
  },
  'referrals of every organisation in one state': {
    ...newestFirst,
    page: (token) => unplaced(coordinator, token),
    add: addReferral,
    has: isWaiting,
  },
  'referrals of one organisation': {
    ...newestFirst,
    page: (token) => every(own, token),
    add: addReferral,
    has: isOwn,
  },
  'referrals of one organisation in one state': {
    ...newestFirst,
    page: (token) => unplaced(own, token),
    add: addReferral,
    has: isOwnAndWaiting,
  },
  'unresolved alerts of every organisation': {
    ...mostUrgentFirst,
    page: (token) => unresolved(coordinator, token),
    add: addUnresolved,
    has: isWaiting,
  },
  'unresolved alerts of one organisation': {
    ...mostUrgentFirst,
    page: (token) => unresolved(own, token),
    add: addUnresolved,
    has: isOwnAndWaiting,
  },
  'alerts of every organisation, resolved or not': {
    ...newestFirst,
    page: (token) => withResolved(coordinator, token),
    add: addAmongAll,
    has: isAny,
  },
  'alerts of one organisation, resolved or not': {
    ...newestFirst,
    page: (token) => withResolved(own, token),
    add: addAmongAll,
    has: isOwn,
  },
  'services of the directory': {
    ...ofRow,
    order: 'by the need that they are for',
    direction: 'ascending',
    positionOf: (row) => [needOf(row), row.id],
    page: services,
    add: addService,
    has: isAny,
  },
};

const rowAt = (at: number, whose: string, waits: boolean): Row => ({
  id: randomUUID(),
  at,
  organisation: whose,
  isWaiting: waits,
});

specifyListOrders(lists, {
  atTheStart: () => {
    const others = randomUUID();
    return MOMENTS.flatMap((at) => [
      rowAt(at, organisation, true),
      rowAt(at, organisation, false),
      rowAt(at, others, true),
      rowAt(at, others, false),
    ]);
  },
  between: () => [50, 300, 500, 900].map((at) => rowAt(at, organisation, true)),
});

describe('a page token of a list', () => {
  const ID = randomUUID();
  const problems = <Request, Response>(rpc: Rpc<Request, Response>, request: Request) => {
    const checked = rpc.check(request);
    return checked.ok ? [] : checked.problems.map(({ field }) => field);
  };
  const page = (pageToken: string) => ({ pageSize: 10, pageToken });
  const alerts = (pageToken: string, includeResolved: boolean) =>
    problems(reads.listAlerts, { ...page(pageToken), includeResolved });

  it('that holds only an id, as in an earlier version, is refused', () => {
    expect(problems(directoryRpcs(pack).listServices, page(ID))).toEqual(['page_token']);
    expect(problems(reads.listOpenOffers, page(ID))).toEqual(['page_token']);
    expect(
      problems(reads.listReferrals, { ...page(ID), state: ReferralState.UNSPECIFIED }),
    ).toEqual(['page_token']);
  });

  it('of the unresolved alerts is refused by the list of all alerts, which has the opposite order', () => {
    expect(alerts(`5_${ID}`, false)).toEqual([]);
    expect(alerts(`5_${ID}`, true)).toEqual(['page_token']);
    expect(alerts(`newest_5_${ID}`, true)).toEqual([]);
    expect(alerts(`newest_5_${ID}`, false)).toEqual(['page_token']);
  });
});
