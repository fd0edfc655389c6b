import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { dueOf, waitsFor } from './asking.ts';
import { decide } from './deciding.ts';
import { DAY_MS, first, noon, positive, responder, rulesOfCountry, type Story, verdict } from './procedure.fixture.ts';
import type { Told } from './procedure.ts';
import type { ProcessDecision } from './rules.ts';
import { tellHer } from './telling.ts';
import { nextOwed, timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const day = (nth: number) => after(noon, nth * DAY_MS);
const refusal = (decision: ProcessDecision) => (decision.kind === 'refused' ? decision.refusal : decision.kind);
const LATER = 'd0000000-0000-4000-8000-000000000002';
const idOf = (story: Story, nth = 0): string => story.now().decisions[nth]?.decisionId ?? '';
const tells =
  (decisionId: string, more: Partial<Told> = {}, at = day(1)) =>
  (procedure: ReturnType<Story['now']>) =>
    tellHer(
      procedure,
      {
        ...{ decisionId, form: 'read-with-interpreter', language: 'vi', interpreterId: 'i1', toldAt: noon },
        ...{ by: responder.person, at, ...more },
      },
      rules,
    );

describe('a decision', () => {
  it('must be told to her in time: a clock warns, and tells up the ladder that nobody has', () => {
    const story = positive(rules);
    for (let at = nextOwed(story.now()); at !== undefined && at < day(29); at = nextOwed(story.now())) {
      const now = at;
      story.next((procedure) => timePasses(procedure, now));
    }
    const late = story.events.flatMap((event) => (event.type === 'ClockOverdue' ? [event] : []));
    expect(late.map(({ clock, ownerRole }) => [clock, ownerRole])).toEqual([
      ['tell-her', 'competent-authority'],
      ['tell-her', 'coordinator'],
      ['tell-her', 'data-protection-officer'],
    ]);
  });

  it('was told once: in which form, in which language, with whose voice, by whom and when', () => {
    const story = positive(rules);
    story.next(tells(idOf(story)));
    expect(story.now().told).toEqual([
      {
        ...{ decisionId: idOf(story), form: 'read-with-interpreter', language: 'vi', interpreterId: 'i1' },
        ...{ toldAt: noon, by: responder.person },
      },
    ]);
    expect(story.now().clocks['tell-her']).toBeUndefined();
    expect(refusal(tells(idOf(story))(story.now()))).toBe('already-told');
  });

  it('is told in a form of the country, after it was made, and not before it happened', () => {
    const story = positive(rules);
    const says = (more: Partial<Told>, id = idOf(story)) => refusal(tells(id, more)(story.now()));
    expect(says({}, 'nobody-s')).toBe('unknown-decision');
    expect(says({ form: 'shouted' })).toBe('unknown-form-of-notice');
    expect(says({ toldAt: day(2) })).toBe('in-the-future');
    expect(says({ toldAt: day(-1) })).toBe('before-it-was-made');
  });

  it('that came after another one gives nobody more time for the first', () => {
    const story = positive(rules);
    const before = story.now().clocks['tell-her'];
    story
      .next((procedure) => timePasses(procedure, day(40)))
      .next((procedure) => decide(procedure, { ...verdict('positive', first, day(40)), decisionId: LATER }, rules));
    expect(story.now().clocks['tell-her']).toMatchObject({ end: before?.state === 'running' ? before.end : {} });
    story.next(tells(idOf(story), {}, day(41)));
    expect([waitsFor(story.now()), dueOf(story.now()) !== undefined]).toEqual(['referrer', true]);
    story.next(tells(LATER, { toldAt: day(41) }, day(41)));
    expect([waitsFor(story.now()), dueOf(story.now())]).toEqual(['nobody', undefined]);
  });
});
