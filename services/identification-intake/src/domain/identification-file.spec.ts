import { after as later } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import {
  beginning,
  DAY_MS,
  noon,
  pending,
  positive,
  responder,
  rulesOfCountry,
  type Story,
} from './formal-process/procedure.fixture.ts';
import { beginProcess, withdrawProcess } from './formal-process/referring.ts';
import { timePasses } from './formal-process/time-passes.ts';
import {
  evolve,
  type IdentificationEvent,
  type IdentificationFile,
  procedureIn,
} from './identification-file.ts';

const rules = await rulesOfCountry('sample');
const days = (count: number) => later(noon, count * DAY_MS);
const NEXT = 'c0000000-0000-4000-8000-00000000000f';

/** The file after a procedure was withdrawn and another one began. */
function after(story: Story): IdentificationFile {
  const over = story.next((procedure) => withdrawProcess(procedure, responder.person));
  const another = {
    ...beginning(),
    processId: NEXT,
    by: { ...responder, organisation: 'another' },
    at: noon,
  };
  const begun = beginProcess(over.now(), another, rules);
  const events: IdentificationEvent[] = [
    ...over.events,
    ...(begun.kind === 'accepted' ? begun.events : []),
  ];
  const file = events.reduce<IdentificationFile | undefined>(evolve, undefined);
  if (!file) throw new Error('a file');
  return file;
}

it('an event of a file in which nothing began is a fault that names the event', () =>
  expect(() => evolve(undefined, { type: 'ProcessLapsed' })).toThrow(
    'ProcessLapsed before anything began',
  ));

describe('a second procedure', () => {
  it('does not change the decisions, the answers and the end of the first', () => {
    const file = after(positive(rules));
    expect(procedureIn(file, NEXT)).toMatchObject({
      stage: { at: 'draft' },
      decisions: [],
      referredBy: 'another',
    });
    expect(procedureIn(file, beginning().processId)).toMatchObject({
      stage: { at: 'withdrawn' },
      referredBy: responder.organisation,
      decisions: [{ outcome: 'positive' }],
    });
  });

  it('continues the recovery period of the person, and no deadline of the first runs any more', () => {
    const file = after(positive(rules));
    expect(file.procedure).toMatchObject({
      recovery: { state: 'running' },
      deadlines: { recovery: {} },
    });
    expect(procedureIn(file, beginning().processId)).toMatchObject({
      recovery: undefined,
      deadlines: {},
    });
  });

  it('does not change how a recovery ended in the first, or that there was none', () => {
    const recovered = positive(rules).next((procedure) => timePasses(procedure, days(40)));
    expect(procedureIn(after(recovered), beginning().processId)?.recovery).toMatchObject({
      state: 'over',
    });
    expect(procedureIn(after(pending(rules)), beginning().processId)?.recovery).toBeUndefined();
  });

  it('is found by its own id among several past procedures', () => {
    const file = after(positive(rules));
    const past = [{ ...pending(rules).now(), processId: 'older' }, ...file.past];
    expect(procedureIn({ ...file, past }, beginning().processId)?.stage.at).toBe('withdrawn');
    expect(procedureIn({ ...file, procedure: undefined, past: [] }, NEXT)).toBeUndefined();
  });

  it('is the only procedure when none was before', () => {
    const [file] = [
      pending(rules).events.reduce<IdentificationFile | undefined>(evolve, undefined),
    ];
    expect(file?.past).toEqual([]);
    expect(file && procedureIn(file, NEXT)).toBeUndefined();
  });
});
