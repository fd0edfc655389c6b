import { randomUUID } from 'node:crypto';
import {
  AgeAnswer,
  type GetScreeningResponse,
  Presence,
} from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Answer, type Call, type Rpc } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listsOf } from '../../domain/screening/indicator-list.ts';
import { rememberReference } from '../../outbound/references.ts';
import { rpcs } from './screening.ts';

const current = await loadCountryPack('infra/countries/sample');
const all = rpcs({
  packs: { current, byId: () => Promise.resolve(current) },
  lists: listsOf([current]),
});
const now = instant(Date.UTC(2026, 0, 5, 10));
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

const call: Call = {
  actor: new Actor(
    { person: randomUUID(), organisation: randomUUID(), role: 'caseworker' },
    (role) => role,
  ),
  at: now,
  rpc: 'spec',
};

/** Sends a request as over the wire: checked, and then handled. */
async function asks<Request, Response>(
  rpc: Rpc<Request, Response>,
  request: Request,
): Promise<Answer<Response>> {
  if (rpc.kind !== 'unary') throw new Error('one answer');
  const checked = rpc.check(request);
  if (!checked.ok)
    return {
      kind: 'refused',
      refusal: 'bad',
      field: checked.problems.map(({ field }) => field).join(),
    };
  return test.database.transaction((tx) => checked.work(tx, call));
}

const safety = { speaksFreely: true, inDanger: false };
const EXPLOITED = ['ex-excessive-working-days-or-hours', 'ex-low-or-no-salary'];

async function recorded(more: Partial<Parameters<typeof paper>[1]> = {}) {
  const [screeningId, caseReference]: [string, string] = [randomUUID(), randomUUID()];
  await test.database.transaction((tx) => rememberReference(tx, caseReference));
  return {
    screeningId,
    given: await asks(all.recordScreening, paper({ screeningId, caseReference }, more)),
  };
}
const paper = (
  of: { readonly screeningId: string; readonly caseReference: string },
  more: {
    readonly safety?: typeof safety | undefined;
    readonly session?: ReturnType<typeof session> | undefined;
  },
) => ({
  ...of,
  list: 'ilo-2009',
  age: AgeAnswer.ADULT,
  basis: 'permission',
  answers: EXPLOITED.map((indicator) => ({ indicator, presence: Presence.PRESENT })),
  safety,
  session: undefined,
  ...more,
});
const session = (interpreterId: string, interpreter = true) => ({
  language: 'vi',
  interpreter,
  interpreterId,
  notRecorded: false,
  by: '',
  at: undefined,
});
const reads = async (screeningId: string): Promise<GetScreeningResponse> => {
  const given = await asks(all.getScreening, { screeningId, purpose: 'identification-decision' });
  if (given.kind === 'refused') throw new Error(given.refusal);
  return given.response;
};
const concludes = (screeningId: string, reason: string) =>
  asks(all.concludeScreening, { screeningId, conclusion: 'not-indicated', reason, noteId: '' });

describe('a screening on paper', () => {
  it('must contain the safety questions', async () => {
    expect((await recorded({ safety: undefined })).given).toMatchObject({
      refusal: 'safety-not-asked',
    });
    expect((await recorded({ safety: { ...safety, inDanger: true } })).given).toMatchObject({
      refusal: 'not-safe',
    });
  });

  it('without a session is not recorded as held without an interpreter', async () => {
    const { screeningId } = await recorded();
    expect((await reads(screeningId)).sessions).toEqual([
      {
        language: '',
        interpreter: false,
        interpreterId: '',
        notRecorded: true,
        by: call.actor.person,
        at: new Date(now),
      },
    ]);
  });

  it('names the interpreter by the id of the vault, and no interpreter when none was present', async () => {
    const interpreter: string = randomUUID();
    const { screeningId } = await recorded({ session: session(interpreter) });
    expect((await reads(screeningId)).sessions).toMatchObject([
      { interpreterId: interpreter, notRecorded: false },
    ]);
    const odd = await recorded({ session: session(interpreter, false) });
    expect(odd.given).toMatchObject({ refusal: 'bad', field: 'session.interpreter_id' });
  });
});

describe('a screening that is read', () => {
  it('names in each dimension the indicators that were present', async () => {
    const { screeningId } = await recorded();
    const { dimensions } = await reads(screeningId);
    expect(dimensions.find(({ dimension }) => dimension === 'exploitation')).toMatchObject({
      positive: true,
      indicators: EXPLOITED,
    });
    expect(dimensions.filter(({ indicators }) => indicators.length > 0)).toHaveLength(1);
  });

  it('states the pathway and the service class that helps on it', async () => {
    const { screeningId } = await recorded();
    expect(await reads(screeningId)).toMatchObject({ pathway: '', pathwayServiceClass: '' });
    const pathway = { pathway: 'labour-rights', pathwayServiceClass: 'legal-aid' };
    expect(await concludes(screeningId, 'no-means')).toMatchObject({
      kind: 'answer',
      response: pathway,
    });
    expect(await reads(screeningId)).toMatchObject(pathway);
  });
});

it('a conclusion that differs from the result needs a reason code of the country, and accepts no free text', async () => {
  const { screeningId } = await recorded();
  for (const word of ['synthetic-name-of-nobody', 'NO-MEANS'])
    expect(await concludes(screeningId, word)).toMatchObject({ refusal: 'bad', field: 'reason' });
});
