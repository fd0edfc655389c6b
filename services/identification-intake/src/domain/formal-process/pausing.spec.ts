import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { lastDayIn } from './last-day.fixture.ts';
import { extendDeadline, requestInformation, resume } from './pausing.ts';
import { DAY_MS, first, noon, pending, rulesOfCountry } from './procedure.fixture.ts';
import type { ProcessDecision } from './rules.ts';
import { nextDue, timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const day = (nth: number) => after(noon, nth * DAY_MS);
const lastDayOf = lastDayIn(rules);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : 'accepted';

describe('a statutory deadline', () => {
  it('is paused while information is missing, and continues with its remaining term', () => {
    const story = pending(rules)
      .next((procedure) =>
        requestInformation(
          procedure,
          { ground: 'information-missing', actor: first, at: day(2) },
          rules,
        ),
      )
      .next((procedure) =>
        resume(procedure, 'information-requested', { actor: first, at: day(30) }, rules),
      );
    expect(lastDayOf(story, 'reasonable-grounds')).toBe('2026-04-14');
  });
  it('is extended once, and only for a reason that the law names', () => {
    const more = {
      by: { unit: 'working-days', count: 5 },
      ground: 'case-complex',
      actor: first,
      at: noon,
    } as const;
    const extended = pending(rules).next((procedure) => extendDeadline(procedure, more, rules));
    const unlawful = extendDeadline(pending(rules).now(), { ...more, ground: 'much-to-do' }, rules);
    expect(unlawful).toMatchObject({ refusal: 'unknown-ground', field: 'ground' });
    expect(refusal(extendDeadline(extended.now(), more, rules))).toBe('already-extended');
  });
  it('warns before it is due, passes, and is escalated level by level', () => {
    const story = pending(rules);
    const announced: string[] = [];
    for (let at = nextDue(story.now()); at !== undefined; at = nextDue(story.now())) {
      const now = at;
      story.next((procedure) => timePasses(procedure, now));
      const event = story.events.at(-1);
      announced.push(event?.type === 'DeadlineEscalated' ? event.ownerRole : (event?.type ?? ''));
    }
    expect(announced).toEqual([
      'DeadlineDueSoon',
      'competent-authority',
      'coordinator',
      'data-protection-officer',
    ]);
    const types = story.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'DeadlinePassed')).toHaveLength(1);
    expect(types.indexOf('DeadlinePassed')).toBe(types.indexOf('DeadlineEscalated') - 1);
  });
});
