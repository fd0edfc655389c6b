import { randomUUID } from 'node:crypto';
import { ReferralState } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import type { Actor, Call, Rpc } from '@opennrm/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { monday } from '../../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../referral-database.fixture.ts';
import { reads } from './reads.ts';
import { watch } from './watch.ts';

/** A row of any list, by what the lists are ordered by and choose by. */
interface Row {
  readonly id: string;
  readonly at: number;
  readonly organisation: string;
  /** Open, unresolved, unplaced; else closed, resolved, withdrawn. */
  readonly isWaiting: boolean;
}

interface Page {
  readonly ids: readonly string[];
  readonly nextPageToken: string;
}

interface List {
  readonly order: 'oldest first' | 'newest first';
  readonly caller: Actor;
  readonly page: (caller: Actor, pageToken: string) => Promise<Page>;
  readonly add: (row: Row) => Promise<unknown>;
  readonly has: (row: Row) => boolean;
}

/** Ends a page between rows of one moment in every list. */
const PAGE_SIZE = 2;
/** Several rows of each moment, and not in the order of time. */
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

const view = { unitKind: 'bed', places: 1, urgency: 'urgent', asked: 1, reminded: 0, acceptance: 'by-offer' };
const addOffer = ({ id, at, organisation: asked, isWaiting }: Row) =>
  world.database.query(
    `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, view)
     VALUES ($1, $2, $3, $3, $4, $5, 1, $6, $7)`,
    [id, parent, asked, isWaiting ? 'open' : 'declined', isWaiting, at, view],
  );

const addAlert = ({ id, at, organisation: owner, isWaiting }: Row) =>
  world.database.query(
    `INSERT INTO alert (alert_id, referral_id, owner_org, code, owner_role, raised_at, act_by, level, resolved)
     VALUES ($1, $2, $3, 'unplaced', 'coordinator', $4, $5, 1, $6)`,
    // When it was raised says nothing of the order here.
    [id, parent, owner, 1_000 - at, at, !isWaiting],
  );

/** Offers and alerts belong to a referral; the lists of referrals have no other. */
const withParent = (add: (row: Row) => Promise<unknown>) => async (row: Row) => {
  const { rowCount } = await world.database.query('SELECT 1 FROM referral WHERE id = $1', [parent]);
  if (rowCount === 0) await addReferral({ id: parent, at: 0, organisation: randomUUID(), isWaiting: false });
  return add(row);
};

async function answered<Request, Response>(rpc: Rpc<Request, Response>, request: Request, actor: Actor) {
  if (rpc.kind !== 'unary') throw new Error('an rpc with one answer');
  const checked = rpc.check(request);
  if (!checked.ok) throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  const call: Call = { actor, at: monday, rpc: 'spec' };
  const given = await world.inTurn((tx) => checked.work(tx, call));
  if (given.kind !== 'answer') throw new Error(given.refusal);
  return given.response;
}

const offers = async (caller: Actor, pageToken: string): Promise<Page> => {
  const page = await answered(reads.listOpenOffers, { pageSize: PAGE_SIZE, pageToken }, caller);
  return { ids: page.offers.map((one) => one.offerId), nextPageToken: page.nextPageToken };
};

const referralsIn = (state: ReferralState) => async (caller: Actor, pageToken: string) => {
  const page = await answered(reads.listReferrals, { pageSize: PAGE_SIZE, pageToken, state }, caller);
  return { ids: page.referrals.map((one) => one.referralId), nextPageToken: page.nextPageToken };
};

const alertsAnd = (includeResolved: boolean) => async (caller: Actor, pageToken: string) => {
  const page = await answered(reads.listAlerts, { pageSize: PAGE_SIZE, pageToken, includeResolved }, caller);
  return { ids: page.alerts.map((one) => one.alertId), nextPageToken: page.nextPageToken };
};

const isOwn = (row: Row): boolean => row.organisation === organisation;
const addOfferOfReferral = withParent(addOffer);
const addAlertOfReferral = withParent(addAlert);

const openOffers: List = {
  order: 'oldest first',
  caller: provider,
  page: offers,
  add: addOfferOfReferral,
  has: (row) => isOwn(row) && row.isWaiting,
};
const everyReferral: List = {
  order: 'newest first',
  caller: coordinator,
  page: referralsIn(ReferralState.UNSPECIFIED),
  add: addReferral,
  has: () => true,
};
const unresolvedAlerts: List = {
  order: 'oldest first',
  caller: coordinator,
  page: alertsAnd(false),
  add: addAlertOfReferral,
  has: (row) => row.isWaiting,
};
const everyAlert: List = {
  order: 'newest first',
  caller: coordinator,
  page: alertsAnd(true),
  add: addAlertOfReferral,
  has: () => true,
};

const unplaced = referralsIn(ReferralState.UNPLACED);
const lists: Readonly<Record<string, List>> = {
  'open offers': openOffers,
  'referrals of every organisation': everyReferral,
  'referrals of every organisation in one state': { ...everyReferral, page: unplaced, has: (row) => row.isWaiting },
  'referrals of one organisation': { ...everyReferral, caller: own, has: isOwn },
  'referrals of one organisation in one state': {
    ...everyReferral,
    caller: own,
    page: unplaced,
    has: (row) => isOwn(row) && row.isWaiting,
  },
  'unresolved alerts of every organisation': unresolvedAlerts,
  'unresolved alerts of one organisation': {
    ...unresolvedAlerts,
    caller: own,
    has: (row) => isOwn(row) && row.isWaiting,
  },
  'alerts of every organisation, resolved or not': everyAlert,
  'alerts of one organisation, resolved or not': { ...everyAlert, caller: own, has: isOwn },
};

/** By the moment, then by the id, in one direction: computed here, from the rows alone. */
function inOrder(rows: readonly Row[], order: List['order']): string[] {
  const direction = order === 'oldest first' ? 1 : -1;
  const compared = (one: Row, other: Row): number => one.at - other.at || (one.id < other.id ? -1 : 1);
  return rows.toSorted((one, other) => direction * compared(one, other)).map(({ id }) => id);
}

const rowAt = (at: number, whose: string, isWaiting: boolean): Row => ({
  id: randomUUID(),
  at,
  organisation: whose,
  isWaiting,
});

async function addedAtTheStart(list: List): Promise<Row[]> {
  const others = randomUUID();
  const rows = MOMENTS.flatMap((at) => [
    rowAt(at, organisation, true),
    rowAt(at, organisation, false),
    rowAt(at, others, true),
    rowAt(at, others, false),
  ]);
  for (const row of rows) await list.add(row);
  return rows.filter(list.has);
}

/** Reads the list to its end, and does something between every two pages. */
async function readToTheEnd({ page, caller }: List, between: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  for (let pageToken = ''; ; await between()) {
    const { ids, nextPageToken } = await page(caller, pageToken);
    for (const id of ids) seen.push(id);
    if (nextPageToken === '') return seen;
    pageToken = nextPageToken;
  }
}

describe.each(Object.entries(lists))('the list of %s', (_name, list) => {
  it(`is ${list.order}, page by page, also where several have the same moment`, async () => {
    const rows = await addedAtTheStart(list);
    const seen = await readToTheEnd(list, async () => undefined);
    expect(seen).toEqual(inOrder(rows, list.order));
  });

  it('shows no row twice and leaves none out when others are added between two pages', async () => {
    const rows = await addedAtTheStart(list);
    const added: Row[] = [];
    let turns = 0;
    const seen = await readToTheEnd(list, async () => {
      turns += 1;
      if (turns > 3) return;
      // Before all, among those of the same moment, and after all.
      for (const at of [50, 300, 500, 900]) {
        const row = rowAt(at, organisation, true);
        added.push(row);
        await list.add(row);
      }
    });
    const atTheStart = new Set(rows.map(({ id }) => id));
    const known = rows.concat(added);
    expect(seen.filter((id) => atTheStart.has(id))).toEqual(inOrder(rows, list.order));
    expect(seen).toEqual(inOrder(known, list.order).filter((id) => seen.includes(id)));
  });
});

describe('a page token', () => {
  const ID = randomUUID();
  const problems = <Request, Response>(rpc: Rpc<Request, Response>, request: Request) => {
    const checked = rpc.check(request);
    return checked.ok ? [] : checked.problems.map(({ field }) => field);
  };
  const page = (pageToken: string) => ({ pageSize: 10, pageToken });
  const alerts = (pageToken: string, includeResolved: boolean) =>
    problems(reads.listAlerts, { ...page(pageToken), includeResolved });

  it('that holds an id alone, as before the lists had an order in time, is refused', () => {
    expect(problems(reads.listOpenOffers, page(ID))).toEqual(['page_token']);
    expect(problems(reads.listReferrals, { ...page(ID), state: ReferralState.UNSPECIFIED })).toEqual(['page_token']);
  });

  it('of the unresolved alerts is none of the list of all alerts, which has the opposite order', () => {
    expect(alerts(`5_${ID}`, false)).toEqual([]);
    expect(alerts(`5_${ID}`, true)).toEqual(['page_token']);
    expect(alerts(`newest_5_${ID}`, true)).toEqual([]);
    expect(alerts(`newest_5_${ID}`, false)).toEqual(['page_token']);
  });
});

it('streams first all open offers, oldest first, also where they are more than a page', async () => {
  await addReferral({ id: parent, at: 0, organisation, isWaiting: true });
  const { rows } = await world.database.query<{ id: string; at: number }>(
    `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, view)
     SELECT gen_random_uuid(), $1, $2, $2, 'open', true, 1, n % 7, $3 FROM generate_series(1, 450) AS n
     RETURNING offer_id AS id, made_at AS at`,
    [parent, organisation, view],
  );
  const { watchOpenOffers } = watch(world.database);
  if (watchOpenOffers.kind !== 'stream') throw new Error('an rpc with many answers');
  const checked = watchOpenOffers.check({});
  if (!checked.ok) throw new Error('refused');
  const [leaving, sent] = [new AbortController(), [] as string[]];
  const send = async ({ changed }: { readonly changed?: readonly { readonly offerId?: string }[] }) => {
    for (const { offerId = '' } of changed ?? []) sent.push(offerId);
    leaving.abort();
  };
  await checked.work({ actor: provider, at: monday, rpc: 'spec' }, send, leaving.signal);
  const expected = rows.map(({ id, at }) => ({ id, at, organisation, isWaiting: true }));
  expect(sent).toEqual(inOrder(expected, 'oldest first'));
});

it('takes no open offer without the moment at which it was made: it would be in no list', async () => {
  await addReferral({ id: parent, at: 0, organisation, isWaiting: true });
  const add = (isOpen: boolean) =>
    world.database.query(
      `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, view)
       VALUES ($1, $2, $3, $3, 'holding', $4, 1, $5)`,
      [randomUUID(), parent, organisation, isOpen, view],
    );
  expect((await add(false)).rowCount).toBe(1);
  await expect(add(true)).rejects.toThrow('offer_open_was_made');
});
