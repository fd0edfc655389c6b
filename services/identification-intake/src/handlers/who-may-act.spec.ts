import { randomUUID } from 'node:crypto';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Call, type Rpc } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrivalRpcs } from '../adapters/grpc/arrivals.ts';
import { identificationRpcs } from '../adapters/grpc/identification.ts';
import { intakeFormRpcs } from '../adapters/grpc/intake-form.ts';
import { noticeRpcs } from '../adapters/grpc/notices.ts';
import { rpcs as screeningRpcs } from '../adapters/grpc/screening.ts';
import { rememberReference } from '../adapters/references.ts';
import { listsOf } from '../domain/screening/indicator-list.ts';
import type { Ground } from './ground.ts';

// The country whose procedure has a form.
const current = await loadCountryPack('infra/countries/albion');
const ground: Ground = { packs: { current, byId: () => Promise.resolve(current) }, lists: listsOf([current]) };
const calls = {
  ...screeningRpcs(ground),
  ...identificationRpcs(ground),
  ...intakeFormRpcs(ground),
  ...noticeRpcs(ground),
  ...arrivalRpcs(ground),
} as unknown as Readonly<Record<string, Rpc<never, unknown>>>;
const AUTHORITY = current.identification.authorities[0]?.organisationId ?? '';
const noon: Instant = instant(Date.UTC(2026, 0, 5, 12));
const moment = (hours: number) => new Date(noon + hours * 3_600_000);

let test: TestDatabase;
let known: Named;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
  known = await aFullFile();
});
afterAll(() => test.drop());

/** What a request can name; nobody but the vault and those who were told know a case reference, so that it is no part of this. */
interface Named {
  readonly screeningId: string;
  readonly processId: string;
  readonly tokenId: string;
}
const unknown: Named = { screeningId: randomUUID(), processId: randomUUID(), tokenId: randomUUID() };

const callOf = (organisation: string, role: string): Call => ({
  actor: new Actor({ person: randomUUID(), organisation, role }, desksOf(current)),
  at: noon,
  rpc: 'spec',
});
const sitting = { language: current.languages[0]?.code, interpreter: false, interpreterId: '' };
const safety = { speaksFreely: true, inDanger: false };
const page = { pageSize: 0, pageToken: '' };
const purpose = 'identification-decision';

/** A good request of every rpc about something that exists; an rpc that is in none of the lists fails the first spec below. */
const requests: Readonly<Record<string, (named: Named) => object>> = {
  giveAnswers: ({ screeningId }) => ({ screeningId, answers: [], sitting, safety }),
  pauseScreening: ({ screeningId }) => ({ screeningId }),
  finishScreening: ({ screeningId }) => ({ screeningId }),
  concludeScreening: ({ screeningId }) => ({ screeningId, conclusion: 'indicated', reason: '', noteId: '' }),
  getScreening: ({ screeningId }) => ({ screeningId, purpose }),
  submitIdentification: ({ processId }) => ({ processId, personToldOfPowers: true }),
  takeUpIdentification: ({ processId }) => ({ processId }),
  pauseIdentification: ({ processId }) => ({ processId, pause: 1, ground: 'information-missing' }),
  resumeIdentification: ({ processId }) => ({ processId, pause: 1 }),
  extendTerm: ({ processId }) => ({ processId, by: '1 days', ground: 'case-complex' }),
  decide: ({ processId }) => ({
    processId,
    decisionId: randomUUID(),
    outcome: 1,
    reasons: ['indicators-present'],
    evidence: [],
    noteId: '',
  }),
  confirmDecision: ({ processId }) => ({ processId, decisionId: randomUUID(), returnedBecause: '' }),
  recordDecisionTold: ({ processId }) => ({
    processId,
    decisionId: randomUUID(),
    form: 'spoken',
    language: sitting.language,
    interpreterId: '',
    toldAt: moment(0),
  }),
  askForReconsideration: ({ processId }) => ({ processId, reasons: ['new-information'] }),
  changeRecovery: ({ processId }) => ({ processId, by: '', ground: 'health' }),
  withdrawIdentification: ({ processId }) => ({ processId }),
  adoptRules: ({ processId }) => ({ processId, ground: 'law-changed' }),
  getIdentification: ({ processId }) => ({ processId, purpose }),
  getIntakeForm: ({ processId }) => ({ processId, purpose }),
  answerIntakeForm: ({ processId }) => ({ processId, answers: [{ field: 'pv-under-age', values: ['no'] }] }),
};
const referArrival = ({ tokenId }: Named, caseReference: string) => ({ tokenId, caseReference });
/** What names nothing of anybody else's. */
const lists = ['listIdentifications', 'listNotices', 'listArrivals'];
/** What anybody may begin who has the role, and the question about removal, which names a marker made to be asked about. */
const forAnybody = [
  'beginScreening',
  'recordScreening',
  'beginIdentification',
  'recordNotice',
  'registerArrivals',
  'isRemovalBarred',
];

it('has a request for every rpc', () =>
  expect([...Object.keys(requests), 'referArrival', ...lists, ...forAnybody].sort()).toEqual(
    Object.keys(calls).sort(),
  ));

/** Everybody of another organisation: whatever role the token names, the country gives its own desks to others. */
const roles = ['caseworker', 'responder', 'coordinator', 'competent-authority', 'data-protection-officer'];

describe.each(roles)('a %s of another organisation', (role) => {
  const stranger = () => callOf(randomUUID(), role);

  it.each(Object.entries(requests))(
    'is answered by %s as if there were no such thing, and changes nothing',
    async (name, request) => {
      const before = await test.contents();
      const given = await sent(name, request(known), stranger());
      expect(given).toMatchObject({ kind: 'refused', refusal: 'not-found' });
      expect(given).toEqual(await sent(name, request(unknown), stranger()));
      expect(await test.contents()).toEqual(before);
    },
  );

  it('refers nobody whom another desk registered', async () => {
    const reference = randomUUID();
    await test.database.transaction((tx) => rememberReference(tx, reference));
    const before = await test.contents();
    const given = await sent('referArrival', referArrival(known, reference), stranger());
    expect(given).toMatchObject({ kind: 'refused', refusal: 'not-found', field: 'token_id' });
    expect(given).toEqual(await sent('referArrival', referArrival(unknown, reference), stranger()));
    expect(await test.contents()).toEqual(before);
  });

  it.each(lists)('is shown nothing by %s', async (name) => {
    const { response = {} } = await sent(name, page, stranger());
    const shown = Object.values(response).flat();
    expect(shown.filter((value) => value !== '')).toEqual([]);
  });
});

/** A screening that is open, a procedure that the authority has in hand, an arrival and a notice. */
async function aFullFile(): Promise<Named> {
  const named = { screeningId: randomUUID(), processId: randomUUID(), tokenId: randomUUID() };
  const caseReference = randomUUID();
  await test.database.transaction((tx) => rememberReference(tx, caseReference));
  const referrer = callOf(randomUUID(), 'responder');
  const list = [...ground.lists.keys()][0] ?? 'human-only';
  const { screeningId, processId, tokenId } = named;
  const does = async (name: string, request: object): Promise<void> => {
    const given = await sent(name, request, referrer);
    if (given.kind !== 'answer') throw new Error(`${name}: ${JSON.stringify(given)}`);
  };
  const beginning = { screeningId, caseReference, list, age: 1, basis: 'permission', sitting, safety };
  await does('beginScreening', beginning);
  await does('beginIdentification', { processId, caseReference, authorityId: AUTHORITY, age: 2 });
  const arrival = { tokenId, helpNeeded: 1, age: 1, with: 1, groupId: '', notedAt: moment(0) };
  await does('registerArrivals', arrival);
  return named;
}

interface Given {
  readonly kind: string;
  readonly response?: Record<string, unknown>;
}

async function sent(name: string, request: object, call: Call): Promise<Given> {
  const rpc = calls[name];
  if (!rpc || rpc.kind === 'stream') throw new Error(`${name} is no rpc with an answer to each request`);
  const checked = rpc.check(request as never);
  if (!checked.ok) throw new Error(checked.problems.map(({ field, rule }) => `${name} ${field}: ${rule}`).join('; '));
  return test.database.transaction((tx) => checked.work(tx, call) as Promise<Given>);
}
