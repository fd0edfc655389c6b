import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { decide } from './deciding.ts';
import { extendDeadline, requestInformation, resume, suspendProcess } from './pausing.ts';
import {
  DAY_MS,
  first,
  noon,
  pending,
  positive,
  rulesOfCountry,
  type Story,
  verdict,
} from './procedure.fixture.ts';
import { escalatedTo } from './procedure.ts';
import { extendRecovery } from './recovery.ts';
import type { ProcessDecision } from './rules.ts';
import { nextDue, timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const STEP = 'reasonable-grounds';
const day = (nth: number) => after(noon, nth * DAY_MS);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : decision.kind;

/** Due on the evening of the fourteenth day. */
const overdue = (nth = 20): Story =>
  pending(rules).next((procedure) => timePasses(procedure, day(nth)));
const dueOfStep = (story: Story) => {
  const deadline = story.now().deadlines[STEP];
  return deadline?.state === 'running' ? deadline.end.due : undefined;
};
const toldIn = (story: Story): string[] =>
  story.events.flatMap((event) => (event.type === 'DeadlineEscalated' ? [event.ownerRole] : []));
const asks = (nth: number) => (procedure: ReturnType<Story['now']>) =>
  requestInformation(
    procedure,
    { ground: 'information-missing', actor: first, at: day(nth) },
    rules,
  );
const more = (at: number, by = 5) => ({
  by: { unit: 'working-days', count: by } as const,
  ground: 'case-complex',
  actor: first,
  at: day(at),
});

it('a step is given more time once', () => {
  const extended = pending(rules).next((procedure) => extendDeadline(procedure, more(0), rules));
  expect(refusal(extendDeadline(extended.now(), more(1), rules))).toBe('already-extended');
});

describe('what is overdue', () => {
  it('is given no more time afterwards, whoever was told, and goes on telling', () => {
    for (const nth of [15, 20, 60]) {
      const late = overdue(nth);
      expect(refusal(extendDeadline(late.now(), more(nth), rules))).toBe('too-late');
      expect(escalatedTo(late.now())).toBeDefined();
    }
    expect(nextDue(overdue(20).now())).toBeDefined();
  });

  it('is late by its time, also before anybody was told', () => {
    const untold = pending(rules).now();
    const deadline = untold.deadlines[STEP];
    const due = deadline?.state === 'running' ? deadline.end.due : noon;
    expect(refusal(extendDeadline(untold, { ...more(0), at: due }, rules))).toBe('too-late');
    expect(refusal(extendDeadline(untold, { ...more(0), at: after(due, -1) }, rules))).toBe(
      'accepted',
    );
  });

  it('stays overdue while it waits for information: the stage changes, the clock does not', () => {
    const late = overdue();
    const due = dueOfStep(late);
    const waiting = late.next(asks(21));
    expect(waiting.now().stage).toMatchObject({
      at: 'information-requested',
      waitsFor: 'informants',
    });
    expect(dueOfStep(waiting)).toBe(due);
    for (let at = nextDue(waiting.now()); at !== undefined; at = nextDue(waiting.now())) {
      const now = at;
      waiting.next((procedure) => timePasses(procedure, now));
    }
    expect(toldIn(waiting)).toEqual([
      'competent-authority',
      'coordinator',
      'data-protection-officer',
    ]);
  });

  it('goes on as it is: going on changes no clock', () => {
    const rested = overdue().next(asks(21));
    const before = rested.now().deadlines;
    const on = rested.next((procedure) =>
      resume(procedure, 'information-requested', { actor: first, at: day(40) }, rules),
    );
    expect(on.now().deadlines).toEqual(before);
    expect(on.now().stage.at).toBe('pending');
  });

  it('may be suspended too, and is told of all the same', () => {
    const suspended = overdue().next((procedure) =>
      suspendProcess(procedure, { ground: 'court-requested', actor: first, at: day(21) }, rules),
    );
    expect(suspended.now().stage).toMatchObject({ at: 'suspended', waitsFor: 'court' });
    expect(nextDue(suspended.now())).toBeDefined();
  });
});

describe('recovery that is over', () => {
  it('is not made longer afterwards', () => {
    const by = { by: { unit: 'days', count: 5 } as const, ground: 'health', actor: first };
    const procedure = positive(rules).now();
    expect(refusal(extendRecovery(procedure, { ...by, at: day(40) }, rules))).toBe('too-late');
    expect(refusal(extendRecovery(procedure, { ...by, at: day(20) }, rules))).toBe('accepted');
  });
});

describe('who was told', () => {
  it('is nobody any more once the step that was late is decided', () => {
    const late = overdue();
    expect(escalatedTo(late.now())).toBe('competent-authority');
    late.next((procedure) => decide(procedure, verdict('positive', first, day(20)), rules));
    expect(escalatedTo(late.now())).toBeUndefined();
  });

  it('is nobody where no clock runs', () => {
    expect(escalatedTo({ ...pending(rules).now(), deadlines: {} })).toBeUndefined();
  });

  it('is the highest of several', () => {
    const late = overdue().now();
    const { [STEP]: step } = late.deadlines;
    if (step?.state !== 'running') throw new Error('the clock runs');
    const deadlines = {
      ...late.deadlines,
      other: { ...step, escalationCount: 3, escalatedTo: 'data-protection-officer' },
    };
    expect(escalatedTo({ ...late, deadlines })).toBe('data-protection-officer');
  });
});
