import { randomUUID } from 'node:crypto';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Call, type Rpc } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import {
  type OrderedList,
  specifyListOrders,
  type TestDatabase,
  testDatabase,
} from '@opennrm/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CountryData } from '../../handlers/country-data.ts';
import { registerArrival } from '../../outbound/arrivals.ts';
import { keepNotice } from '../../outbound/notices.ts';
import { arrivalRpcs } from './arrivals.ts';
import { identificationRpcs } from './identification.ts';
import { noticeRpcs } from './notices.ts';

/** A row of any list, with the columns that the lists use for order and selection. */
interface Row {
  readonly id: string;
  readonly at: number;
  readonly organisation: string;
  /** For a procedure: whether it was escalated to the coordination desk. For an arrival: whether it is an unaccompanied child. */
  readonly isUrgent: boolean;
}

/** Small enough to end a page between rows of one moment in every list. */
const PAGE_SIZE = 2;
/** Several rows of each moment, not in the order of time. */
const MOMENTS = [500, 300, 500, 100, 300, 500, 300];
/** Procedures with this moment or a later one have no deadline. */
const NO_TIME = 500;

const current = await loadCountryPack('infra/countries/sample');
const country: CountryData = {
  packs: { current, byId: () => Promise.resolve(current) },
  lists: new Map(),
};
const { listNotices } = noticeRpcs(country);
const { listIdentifications } = identificationRpcs(country);
const { listArrivals } = arrivalRpcs(country);

const callOf = (organisation: string, role: string): Call => ({
  actor: new Actor({ person: randomUUID(), organisation, role }, desksOf(current)),
  at: instant(Date.UTC(2026, 0, 5, 12)),
  rpc: 'spec',
});
const organisation = randomUUID();
const caseworker = callOf(organisation, 'caseworker');
const authority = callOf(
  current.identification.authorities[0]?.organisationId ?? '',
  'competent-authority',
);
const notified = callOf(
  current.identification.escalation.find(({ ownerRole }) => ownerRole === 'coordinator')
    ?.organisationId ?? '',
  'coordinator',
);

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase('identification-intake');
});
afterEach(() => test.drop());

async function answered<Request, Response>(
  rpc: Rpc<Request, Response>,
  request: Request,
  call: Call,
) {
  if (rpc.kind !== 'unary') throw new Error('an rpc with one answer');
  const checked = rpc.check(request);
  if (!checked.ok)
    throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  const given = await test.database.transaction((tx) => checked.work(tx, call));
  if (given.kind !== 'answer') throw new Error(given.refusal);
  return given.response;
}

const noticesFor = (call: Call) => async (pageToken: string) => {
  const page = await answered(listNotices, { pageSize: PAGE_SIZE, pageToken }, call);
  return { ids: page.notices.map((one) => one.noticeId), nextPageToken: page.nextPageToken };
};
const proceduresFor = (call: Call) => async (pageToken: string) => {
  const page = await answered(listIdentifications, { pageSize: PAGE_SIZE, pageToken }, call);
  return {
    ids: page.identifications.map((one) => one.processId),
    nextPageToken: page.nextPageToken,
  };
};
const arrivals = async (pageToken: string) => {
  const page = await answered(listArrivals, { pageSize: PAGE_SIZE, pageToken }, caseworker);
  return { ids: page.arrivals.map((one) => one.tokenId), nextPageToken: page.nextPageToken };
};

const addNotice = ({ id, at, organisation: ownerOrg }: Row) =>
  test.database.transaction((tx) =>
    keepNotice(tx, { noticeId: id, ownerOrg, at, ruleVersion: 'sample', content: {}, late: false }),
  );

/** Adds a procedure that the organisation referred. At some moments it also decides the procedure, which is listed only once. */
const addProcedure = ({ id, at, organisation: referredBy, isUrgent }: Row) =>
  test.database.query(
    `INSERT INTO identification_file (id, owner_org, version, generation, state, referred_by, authority, process_id, stage, waits_for, due, escalated_to)
     VALUES ($1, $2, 1, 1, '{}', $2, $3, $1, 'taken-up', 'authority', $4, $5)`,
    [
      id,
      referredBy,
      at === 300 ? authority.actor.organisation : referredBy,
      at < NO_TIME ? at : null,
      isUrgent ? 'coordinator' : null,
    ],
  );

const addArrival = ({ id, at, organisation: ownerOrg, isUrgent }: Row) =>
  test.database.transaction((tx) =>
    registerArrival(tx, {
      tokenId: id,
      ownerOrg,
      helpNeeded: helpOf(at),
      age: isUrgent ? 'child' : 'adult',
      accompaniedBy: isUrgent ? 'nobody' : 'family',
      groupId: undefined,
      at: instant(at),
      keepUntil: instant(at + 1),
    }),
  );
/** Later arrivals need help sooner. */
const helpOf = (at: number): number => (at === 500 ? 1 : 2);

const ofRow = { idOf: ({ id }: Row) => id, positionOf: ({ at, id }: Row) => [at, id] };
const isOwn = (row: Row): boolean => row.organisation === organisation;

const newestFirst = {
  ...ofRow,
  order: 'newest first',
  direction: 'descending',
  add: addNotice,
} as const;
const dueFirst = {
  ...ofRow,
  order: 'by the next deadline, with procedures without a deadline last',
  direction: 'ascending',
  positionOf: ({ at, id }: Row) => [Math.min(at, NO_TIME), id],
  add: addProcedure,
} as const;

const lists: Readonly<Record<string, OrderedList<Row>>> = {
  'notices of every organisation': { ...newestFirst, page: noticesFor(authority), has: () => true },
  'notices of one organisation': { ...newestFirst, page: noticesFor(caseworker), has: isOwn },
  'procedures of one organisation': { ...dueFirst, page: proceduresFor(caseworker), has: isOwn },
  'procedures that were escalated': {
    ...dueFirst,
    page: proceduresFor(notified),
    has: ({ isUrgent }) => isUrgent,
  },
  'arrivals who wait': {
    ...ofRow,
    order: 'by unaccompanied children, urgency and the time of waiting',
    direction: 'ascending',
    positionOf: ({ id, at, isUrgent }) => [isUrgent ? 0 : 1, helpOf(at), at, id],
    add: addArrival,
    page: arrivals,
    has: isOwn,
  },
};

const rowAt = (at: number, whose: string, isUrgent: boolean): Row => ({
  id: randomUUID(),
  at,
  organisation: whose,
  isUrgent,
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

it('the list of notices refuses page tokens of its older, ascending order, which would skip unread rows', () => {
  const place = `5_${randomUUID()}`;
  const problems = (pageToken: string) => {
    const checked = listNotices.check({ pageSize: 10, pageToken });
    return checked.ok ? [] : checked.problems.map(({ field }) => field);
  };
  expect(problems(place)).toEqual(['page_token']);
  expect(problems(`newest_${place}`)).toEqual([]);
});
