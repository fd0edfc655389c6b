import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { lastDayIn } from './last-day.fixture.ts';
import {
  confirming,
  DAY_MS,
  first,
  noon,
  pending,
  positive,
  responder,
  rulesOfCountry,
  second,
  third,
  verdict,
} from './procedure.fixture.ts';
import { requestReconsideration } from './reconsidering.ts';
import { extendRecovery } from './recovery.ts';
import { takeUp } from './referring.ts';
import type { ProcessDecision } from './rules.ts';

const rules = await rulesOfCountry('sample');
const day = (nth: number) => after(noon, nth * DAY_MS);
const lastDayOf = lastDayIn(rules);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : 'accepted';

describe('a decision', () => {
  it('names its maker, its reasons, its step and its rules', () => {
    expect(positive(rules).now().decisions).toMatchObject([
      {
        madeBy: first.person,
        reasons: ['indicators-present'],
        ruleVersion: rules.id,
        step: 'reasonable-grounds',
      },
    ]);
  });
  it('names its deadline', () => {
    const pendingDeadline = pending(rules).now().deadlines['reasonable-grounds'];
    if (pendingDeadline?.state !== 'running')
      throw new Error('the deadline of the step does not run');
    expect(positive(rules).now().decisions).toMatchObject([{ due: pendingDeadline.end.due }]);
  });
  it('is refused without reasons, or with reasons of another outcome', () => {
    const procedure = pending(rules).now();
    expect(refusal(decide(procedure, { ...verdict('positive'), reasons: [] }, rules))).toBe(
      'reasons-needed',
    );
    const mixed = { ...verdict('positive'), reasons: ['threshold-not-met'] };
    expect(refusal(decide(procedure, mixed, rules))).toBe('unknown-reason');
    const oneOfAnother = {
      ...verdict('positive'),
      reasons: ['indicators-present', 'threshold-not-met'],
    };
    expect(refusal(decide(procedure, oneOfAnother, rules))).toBe('unknown-reason');
  });
  it('is made by a role that the country names, at the authority that has the procedure', () => {
    const procedure = pending(rules).now();
    const clerk = { ...first, desk: 'caseworker' };
    expect(refusal(decide(procedure, verdict('positive', clerk), rules))).toBe(
      'role-may-not-decide',
    );
    const stranger = { ...first, organisation: responder.organisation };
    expect(refusal(decide(procedure, verdict('positive', stranger), rules))).toBe(
      'not-the-authority',
    );
  });
  it('that is negative is valid after a second person has confirmed it, never the same person', () => {
    const proposed = pending(rules).next((procedure) =>
      decide(procedure, verdict('negative'), rules),
    );
    expect(refusal(confirmDecision(proposed.now(), confirming(first, noon), rules))).toBe(
      'second-person-needed',
    );
    expect(proposed.now().decisions).toEqual([]);
    const confirmed = proposed.next((procedure) =>
      confirmDecision(procedure, confirming(second, noon), rules),
    );
    expect(confirmed.now().decisions).toMatchObject([
      { madeBy: first.person, confirmedBy: second.person },
    ]);
  });
  it('that is returned is made again, under the deadline that continued to run', () => {
    const returned = pending(rules)
      .next((procedure) => decide(procedure, verdict('negative'), rules))
      .next((procedure) =>
        returnDecision(procedure, { ...confirming(second), reason: 'not-reasoned' }, rules),
      );
    expect(lastDayOf(returned, 'reasonable-grounds')).toBe('2026-03-16');
    expect(refusal(decide(returned.now(), verdict('positive'), rules))).toBe('accepted');
  });
});

describe('after a first positive decision,', () => {
  it('thirty days of recovery begin, and the next deadline runs', () => {
    const story = positive(rules);
    expect(lastDayOf(story, 'recovery')).toBe('2026-04-01');
    expect(lastDayOf(story, 'conclusive-grounds')).toBe('2026-06-01');
  });
  it('a disqualification ends the recovery with its reason, and the deadline of the recovery', () => {
    const story = positive(rules)
      .next((procedure) => decide(procedure, verdict('disqualified'), rules))
      .next((procedure) => confirmDecision(procedure, confirming(second), rules));
    expect(story.events).toContainEqual({ type: 'RecoveryEnded', ground: 'public-order' });
    expect(story.now()).toMatchObject({
      recovery: { state: 'over', endedEarlyOn: 'public-order' },
    });
    expect(story.now().deadlines.recovery).toBeUndefined();
  });
  it('nothing is decided during recovery', () => {
    expect(refusal(decide(positive(rules).now(), verdict('positive'), rules))).toBe(
      'during-recovery',
    );
  });
  it('the recovery period may be extended once, for a lawful reason', () => {
    const more = {
      by: { unit: 'days', count: 30 },
      ground: 'health',
      actor: first,
      at: noon,
    } as const;
    const story = positive(rules).next((procedure) => extendRecovery(procedure, more, rules));
    // The last day is a holiday, and a weekend follows.
    expect(lastDayOf(story, 'recovery')).toBe('2026-05-04');
    expect(refusal(extendRecovery(story.now(), more, rules))).toBe('already-extended');
    const whim = { ...more, ground: 'whim' };
    expect(refusal(extendRecovery(positive(rules).now(), whim, rules))).toBe('unknown-ground');
  });
});

describe('a negative decision', () => {
  const no = () =>
    pending(rules)
      .next((procedure) => decide(procedure, verdict('negative'), rules))
      .next((procedure) => confirmDecision(procedure, confirming(second, noon), rules));
  const asked = () =>
    no().next((procedure) =>
      requestReconsideration(
        procedure,
        { by: responder.person, reasons: ['new-information'], at: day(3) },
        rules,
      ),
    );
  it('may be reconsidered on a request in time, not later', () => {
    const late = { by: responder.person, reasons: ['new-information'], at: day(31) };
    expect(refusal(requestReconsideration(no().now(), late, rules))).toBe('too-late');
    expect(asked().now().stage).toMatchObject({ at: 'submitted', step: 'reasonable-grounds' });
  });
  it('is reconsidered by people who did not take part in it', () => {
    const again = asked().next((procedure) => takeUp(procedure, third));
    expect(refusal(decide(again.now(), verdict('positive', second), rules))).toBe(
      'another-person-needed',
    );
    expect(refusal(decide(again.now(), verdict('positive', third), rules))).toBe('accepted');
  });
  it('is reconsidered once', () => {
    const again = asked()
      .next((procedure) => takeUp(procedure, third))
      .next((procedure) => decide(procedure, verdict('negative', third), rules));
    const other = { ...third, person: 'b0000000-0000-4000-8000-000000000009' };
    const twice = again.next((procedure) =>
      confirmDecision(procedure, confirming(other, noon), rules),
    );
    const asking = { by: responder.person, reasons: ['new-information'], at: noon };
    expect(refusal(requestReconsideration(twice.now(), asking, rules))).toBe('no-reconsideration');
  });
});
