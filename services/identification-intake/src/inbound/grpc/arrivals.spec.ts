import { randomUUID } from 'node:crypto';
import {
  AccompaniedBy,
  ArrivalAge,
  HelpNeeded,
  type RegisterArrivalsRequest,
} from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Call } from '@opennrm/runtime';
import { hours, instant, after as later, minutes } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deleteExpiredArrivals, waitingArrivals } from '../../outbound/arrivals.ts';
import { arrivalRpcs } from './arrivals.ts';

const current = await loadCountryPack('infra/countries/sample');
const { registerArrivals: rpc } = arrivalRpcs({
  packs: { current, byId: () => Promise.resolve(current) },
  lists: new Map(),
});
if (rpc.kind !== 'exchange') throw new Error('arrivals are an exchange');
const { check, refuse } = rpc;
const noon = instant(Date.UTC(2026, 0, 5, 12));
const FIRST = '00000000-0000-0000-0000-000000000000';
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

const person = (more: Partial<RegisterArrivalsRequest> = {}): RegisterArrivalsRequest => ({
  tokenId: randomUUID(),
  helpNeeded: HelpNeeded.TODAY,
  age: ArrivalAge.ADULT,
  accompaniedBy: AccompaniedBy.FAMILY,
  groupId: '',
  notedAt: new Date(noon),
  ...more,
});

/** Registers a record at a desk, as a stream brings it. */
async function registers(desk: string, request: RegisterArrivalsRequest, at = noon) {
  const checked = check(request);
  if (!checked.ok) {
    const [first] = checked.problems;
    return refuse(request, first?.rule ?? '', first?.field ?? '', checked.problems);
  }
  const call: Call = {
    actor: new Actor(
      { person: randomUUID(), organisation: desk, role: 'responder' },
      (role) => role,
    ),
    at,
    rpc: 'spec',
  };
  const given = await test.database.transaction((tx) => checked.work(tx, call));
  return given.kind === 'answer'
    ? given.response
    : refuse(request, given.refusal, given.field ?? '', []);
}
const waiting = (desk: string) =>
  test.database.transaction((tx) =>
    waitingArrivals(tx, desk, { rank: -1, helpNeeded: 0, at: 0, id: FIRST }, 200),
  );

it('arrivals are listed by their waiting time since the device recorded them, whenever it could send them', async () => {
  const desk: string = randomUUID();
  const noted = [30, 5, 50, 20].map((ago) =>
    person({ notedAt: new Date(later(noon, -minutes(ago))) }),
  );
  for (const one of noted) await registers(desk, one);
  const sorted = noted
    .toSorted((a, b) => Number(a.notedAt) - Number(b.notedAt))
    .map((one) => one.tokenId);
  expect((await waiting(desk)).map((row) => row.token_id)).toEqual(sorted);
});

it('a deleted arrival stays deleted when the device sends it again', async () => {
  const desk: string = randomUUID();
  const one = person();
  expect(await registers(desk, one)).toMatchObject({ known: false, refusal: '' });
  expect(await registers(desk, one, later(noon, hours(71)))).toMatchObject({
    known: true,
    refusal: '',
  });
  await deleteExpiredArrivals(test.database, later(noon, hours(72)));
  expect(await registers(desk, one, later(noon, hours(72)))).toMatchObject({
    refusal: 'too-old',
    field: 'noted_at',
  });
  expect(await waiting(desk)).toEqual([]);
});

it('the retention of an arrival begins when it was recorded, not when it was sent', async () => {
  const desk: string = randomUUID();
  await registers(desk, person({ notedAt: new Date(later(noon, -hours(70))) }));
  expect(await deleteExpiredArrivals(test.database, later(noon, hours(2)))).toBe(1);
});

it('an arrival recorded in the future is refused, but one from a device whose clock is slightly ahead counts as recorded now', async () => {
  const desk: string = randomUUID();
  expect(await registers(desk, person({ notedAt: new Date(later(noon, hours(1))) }))).toMatchObject(
    {
      refusal: 'in-the-future',
      field: 'noted_at',
    },
  );
  expect(await registers(desk, person({ notedAt: new Date(later(noon, 60_000)) }))).toMatchObject({
    refusal: '',
  });
  expect((await waiting(desk)).map(({ at }) => at)).toEqual([noon]);
});

it('a wrong arrival is answered with all its problems', async () => {
  const wrong = person({
    helpNeeded: HelpNeeded.UNSPECIFIED,
    accompaniedBy: AccompaniedBy.UNSPECIFIED,
    notedAt: undefined,
  });
  const answered = await registers(randomUUID(), wrong);
  expect(answered).toMatchObject({ tokenId: wrong.tokenId, field: 'help_needed' });
  expect(answered.problems.map(({ field }) => field)).toEqual([
    'help_needed',
    'accompanied_by',
    'noted_at',
  ]);
});
