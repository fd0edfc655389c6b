import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceId } from '../need.ts';
import type { Candidate, RuleCode } from './candidate.ts';
import { bindingRuleOf, excludedByOf, recordOf } from './decision-record.ts';

const RULES: readonly RuleCode[] = ['GROUP', 'SIZE', 'BASIS', 'NO_FREE_UNIT', 'CLOSED', 'AGE'];

const candidate = (failed: readonly RuleCode[], more: Partial<Candidate> = {}): Candidate => ({
  serviceId: randomUUID() as string as ServiceId,
  failed,
  unanswered: [],
  terms: failed.length === 0 ? [3, 2, 120, 14] : [],
  asked: false,
  ...more,
});
const many = (count: number, failed: readonly RuleCode[] = []): Candidate[] =>
  Array.from({ length: count }, () => candidate(failed));

const anyCandidates = fc
  .array(
    fc.record({
      failed: fc.subarray([...RULES]),
      unanswered: fc.subarray<RuleCode>(['FUNDING_COVER']),
      asked: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((all) => {
    let asked = 0;
    return all.map((one) => {
      const isEligible = one.failed.length + one.unanswered.length === 0;
      return candidate(one.failed, { ...one, asked: isEligible && one.asked && asked++ < 2 });
    });
  });

describe('the decision record of a search', () => {
  it('names every service of a small directory', () => {
    const few = [...many(8), ...many(12, ['GROUP'])];
    expect(recordOf(few, [])).toEqual({
      candidates: few,
      others: { count: 0, excludedBy: {}, excludedOnlyBy: {} },
    });
  });

  it('names the services that are asked, the next ones in order, and those that were asked before', () => {
    const [eligible, excluded] = [many(50), many(550, ['GROUP', 'SIZE'])];
    const asked = { ...(eligible[49] as Candidate), asked: true };
    const before = excluded.slice(300, 310).map(({ serviceId }) => serviceId);
    const { candidates, others } = recordOf([...eligible.slice(0, 49), asked, ...excluded], before);
    const named = candidates.map(({ serviceId }) => serviceId);
    expect(named).toHaveLength(20);
    expect(named).toEqual(
      expect.arrayContaining([
        asked.serviceId,
        ...eligible.slice(0, 12).map(({ serviceId }) => serviceId),
        ...before.slice(-6),
      ]),
    );
    expect(others.count).toBe(580);
  });

  it('counts every service once, and each rule as often as it excludes, for any named services', () =>
    fc.assert(
      fc.property(anyCandidates, fc.nat(10), (all, nth) => {
        const record = recordOf(
          all,
          all.slice(nth, nth + 3).map(({ serviceId }) => serviceId),
        );
        expect(record.candidates.length + record.others.count).toBe(all.length);
        expect(record.candidates.length).toBeLessThanOrEqual(20);
        const order = record.candidates.map((one) => all.indexOf(one));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        for (const one of all.filter(({ asked }) => asked))
          expect(record.candidates).toContain(one);
        const causes = all.map(({ failed, unanswered }) => [...failed, ...unanswered]);
        for (const rule of [...RULES, 'FUNDING_COVER'] as const)
          expect(excludedByOf(record)[rule] ?? 0).toBe(
            causes.filter((one) => one.includes(rule)).length,
          );
        const alone = causes.filter((one) => one.length === 1).map(([rule]) => rule);
        const most = Math.max(
          0,
          ...RULES.map((rule) => alone.filter((one) => one === rule).length),
        );
        const ofFunding = alone.filter((one) => one === 'FUNDING_COVER').length;
        expect(bindingRuleOf(record)?.count ?? 0).toBe(Math.max(most, ofFunding));
      }),
    ));
});
