import { localDateOf } from '@opennrm/country';
import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { adoptRules } from './adopting.ts';
import { confirmDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { extendDeadline, requestInformation } from './pausing.ts';
import {
  confirming,
  DAY_MS,
  first,
  noon,
  pending,
  responder,
  rulesOfCountry,
  verdict,
} from './procedure.fixture.ts';
import { requestReconsideration } from './reconsidering.ts';
import { takeUp } from './referring.ts';
import type { ProcessDecision, Rules } from './rules.ts';

const rules = await rulesOfCountry('sample');
const day = (nth: number) => after(noon, nth * DAY_MS);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : decision.kind;
const [year, nth] = rules.version.split('.').map(Number);
const nextVersion = `${year}.${(nth ?? 0) + 1}`;
const newer: Rules = {
  ...rules,
  id: 'newer',
  version: nextVersion,
  workdays: { ...rules.workdays, holidays: ['2026-03-05', '2026-03-06'] },
};
const adopting = { ground: 'law-changed', actor: first, at: day(1) };
const lastDay = (story: ReturnType<typeof pending>): string => {
  const deadline = story.now().deadlines['reasonable-grounds'];
  return deadline?.state === 'running'
    ? localDateOf(after(deadline.end.due, -1), rules.workdays.timeZone)
    : '';
};
const no = (of: Rules = rules) =>
  pending(of)
    .next((procedure) => decide(procedure, verdict('negative'), of))
    .next((procedure) => confirmDecision(procedure, confirming(), of));

describe('newer rules', () => {
  it('move a deadline only when an authority adopts them, and keep its remaining term', () => {
    const story = pending(rules).next((process) => adoptRules(process, adopting, rules, newer));
    expect(lastDay(pending(rules))).toBe('2026-03-16');
    expect(lastDay(story)).toBe('2026-03-18');
    expect(story.now().ruleVersion).toBe('newer');
  });

  it('do not change a paused deadline', () => {
    const asks = (process: ReturnType<ReturnType<typeof pending>['now']>) =>
      requestInformation(process, { ground: 'information-missing', actor: first, at: noon }, rules);
    const before = pending(rules).next(asks).now().deadlines['reasonable-grounds'];
    const adopted = pending(rules)
      .next(asks)
      .next((process) => adoptRules(process, adopting, rules, newer));
    expect(before?.state).toBe('paused');
    expect(adopted.now().deadlines['reasonable-grounds']).toEqual(before);
  });

  it('do not make an overdue deadline punctual', () => {
    const late = pending(rules).next((process) =>
      adoptRules(process, { ...adopting, at: day(30) }, rules, newer),
    );
    expect(lastDay(late)).toBe('2026-03-16');
  });

  it('are adopted only for a reason that the country names', () => {
    const whim = { ...adopting, ground: 'whim' };
    expect(refusal(adoptRules(pending(rules).now(), whim, rules, newer))).toBe('unknown-ground');
  });

  it('are adopted by the authority that has the procedure, and by no other organisation', () => {
    const stranger = { ...first, organisation: responder.organisation };
    const asked = adoptRules(pending(rules).now(), { ...adopting, actor: stranger }, rules, newer);
    expect(refusal(asked)).toBe('not-the-authority');
  });

  it.each([
    ['the same rules', rules],
    ['an older version', { ...newer, version: '2025.99' }],
    ['another content under the same version', { ...newer, version: rules.version }],
    ['the rules of another country', { ...newer, country: 'zz' }],
  ])('are not %s', (_, other) => {
    expect(refusal(adoptRules(pending(rules).now(), adopting, rules, other))).toBe('not-newer');
  });

  it('are newer by number, not by letter: the tenth version follows the ninth', () => {
    const [ninth, tenth] = ['2026.9', '2026.10'].map((version) => ({
      ...rules,
      version,
      id: version,
    }));
    if (!ninth || !tenth) throw new Error('two versions');
    expect(refusal(adoptRules(pending(ninth).now(), adopting, ninth, tenth))).toBe('accepted');
    expect(refusal(adoptRules(pending(tenth).now(), adopting, tenth, ninth))).toBe('not-newer');
  });

  it('are not adopted when they lack the open step, or the step of a negative decision that may be reconsidered', () => {
    const without = {
      ...newer,
      steps: newer.steps.filter(({ code }) => code !== 'reasonable-grounds'),
    };
    for (const story of [pending(rules), no()])
      expect(refusal(adoptRules(story.now(), adopting, rules, without))).toBe('unknown-step');
  });
});

describe('a reconsideration whose term is in another unit than the step', () => {
  const [step, ...others] = rules.steps;
  if (!step?.reconsideration) throw new Error('a step without reconsideration');
  const reconsideration = {
    ...step.reconsideration,
    decidedWithin: { unit: 'days', count: 30 } as const,
  };
  const mixed: Rules = { ...rules, steps: [{ ...step, reconsideration }, ...others] };
  const again = () =>
    no(mixed)
      .next((procedure) =>
        requestReconsideration(
          procedure,
          { by: responder.person, reasons: ['new-information'], at: noon },
          mixed,
        ),
      )
      .next((procedure) => takeUp(procedure, first));
  const more = (unit: 'days' | 'working-days', count: number) =>
    extendDeadline(
      again().now(),
      { by: { unit, count }, ground: 'case-complex', actor: first, at: noon },
      mixed,
    );

  it('is extended in its own unit, by no more than its own term', () => {
    expect(refusal(more('days', 30))).toBe('accepted');
    expect(refusal(more('days', 31))).toBe('too-long');
    expect(refusal(more('working-days', 5))).toBe('too-long');
  });

  it('is extended by the term of its step when the adopted rules have no reconsideration', () => {
    const [{ reconsideration: _none, ...without }] = [step];
    const later: Rules = {
      ...rules,
      id: 'newer',
      version: nextVersion,
      steps: [without, ...others],
    };
    const adopted = no(rules)
      .next((procedure) =>
        requestReconsideration(
          procedure,
          { by: responder.person, reasons: ['new-information'], at: noon },
          rules,
        ),
      )
      .next((procedure) => adoptRules(procedure, adopting, rules, later));
    const asks = (count: number) =>
      extendDeadline(
        adopted.now(),
        { by: { unit: 'working-days', count }, ground: 'case-complex', actor: first, at: day(1) },
        later,
      );
    expect(refusal(asks(10))).toBe('accepted');
    expect(refusal(asks(11))).toBe('too-long');
  });

  it('is not extended while it still has the unit of the rules before the adoption', () => {
    const adopted = again().next((procedure) =>
      adoptRules(procedure, adopting, mixed, { ...rules, id: 'newer', version: nextVersion }),
    );
    for (const unit of ['working-days', 'days'] as const) {
      const by = { unit, count: 1 };
      const asked = extendDeadline(
        adopted.now(),
        { by, ground: 'case-complex', actor: first, at: noon },
        rules,
      );
      expect(refusal(asked)).toBe('too-long');
    }
  });
});
