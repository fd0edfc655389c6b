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

/** A procedure whose step was due on the evening of the fourteenth day. */
const overdue = (nth = 20): Story =>
  pending(rules).next((procedure) => timePasses(procedure, day(nth)));
const dueOfStep = (story: Story) => {
  const deadline = story.now().deadlines[STEP];
  return deadline?.state === 'running' ? deadline.end.due : undefined;
};
const notifiedOf = (story: Story): string[] =>
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

it('the deadline of a step is extended once', () => {
  const extended = pending(rules).next((procedure) => extendDeadline(procedure, more(0), rules));
  expect(refusal(extendDeadline(extended.now(), more(1), rules))).toBe('already-extended');
});

describe('an overdue deadline', () => {
  it('is not extended, also after a notification, and is escalated further', () => {
    for (const nth of [15, 20, 60]) {
      const late = overdue(nth);
      expect(refusal(extendDeadline(late.now(), more(nth), rules))).toBe('too-late');
      expect(escalatedTo(late.now())).toBeDefined();
    }
    expect(nextDue(overdue(20).now())).toBeDefined();
  });

  it('is overdue by its time, also before any role was notified', () => {
    const untold = pending(rules).now();
    const deadline = untold.deadlines[STEP];
    const due = deadline?.state === 'running' ? deadline.end.due : noon;
    expect(refusal(extendDeadline(untold, { ...more(0), at: due }, rules))).toBe('too-late');
    expect(refusal(extendDeadline(untold, { ...more(0), at: after(due, -1) }, rules))).toBe(
      'accepted',
    );
  });

  it('stays overdue during a pause for information: only the stage changes', () => {
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
    expect(notifiedOf(waiting)).toEqual([
      'competent-authority',
      'coordinator',
      'data-protection-officer',
    ]);
  });

  it('does not change when the pause ends', () => {
    const paused = overdue().next(asks(21));
    const before = paused.now().deadlines;
    const on = paused.next((procedure) =>
      resume(procedure, 'information-requested', { actor: first, at: day(40) }, rules),
    );
    expect(on.now().deadlines).toEqual(before);
    expect(on.now().stage.at).toBe('pending');
  });

  it('is escalated also during a suspension', () => {
    const suspended = overdue().next((procedure) =>
      suspendProcess(procedure, { ground: 'court-requested', actor: first, at: day(21) }, rules),
    );
    expect(suspended.now().stage).toMatchObject({ at: 'suspended', waitsFor: 'court' });
    expect(nextDue(suspended.now())).toBeDefined();
  });
});

describe('a recovery period that is over', () => {
  it('is not extended', () => {
    const by = { by: { unit: 'days', count: 5 } as const, ground: 'health', actor: first };
    const procedure = positive(rules).now();
    expect(refusal(extendRecovery(procedure, { ...by, at: day(40) }, rules))).toBe('too-late');
    expect(refusal(extendRecovery(procedure, { ...by, at: day(20) }, rules))).toBe('accepted');
  });
});

describe('the role that was notified last', () => {
  it('is undefined after the overdue step is decided', () => {
    const late = overdue();
    expect(escalatedTo(late.now())).toBe('competent-authority');
    late.next((procedure) => decide(procedure, verdict('positive', first, day(20)), rules));
    expect(escalatedTo(late.now())).toBeUndefined();
  });

  it('is undefined when no deadline runs', () => {
    expect(escalatedTo({ ...pending(rules).now(), deadlines: {} })).toBeUndefined();
  });

  it('is the highest of several roles', () => {
    const late = overdue().now();
    const { [STEP]: step } = late.deadlines;
    if (step?.state !== 'running') throw new Error('the deadline does not run');
    const deadlines = {
      ...late.deadlines,
      other: { ...step, escalationCount: 3, escalatedTo: 'data-protection-officer' },
    };
    expect(escalatedTo({ ...late, deadlines })).toBe('data-protection-officer');
  });
});
