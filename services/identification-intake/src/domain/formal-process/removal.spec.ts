import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { lastDayIn } from './last-day.fixture.ts';
import {
  beginning,
  DAY_MS,
  noon,
  positive,
  responder,
  rulesOfCountry,
  type Story,
} from './procedure.fixture.ts';
import { isRemovalBarred } from './procedure.ts';
import { beginProcess, withdrawProcess } from './referring.ts';
import type { ProcessDecision } from './rules.ts';
import { statesOf } from './states.fixture.ts';
import { timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const states = statesOf(rules);
const day = (nth: number) => after(noon, nth * DAY_MS);
const lastDayOf = lastDayIn(rules);
const types = (story: Story): string[] => story.events.map(({ type }) => type);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : 'accepted';

describe('removal', () => {
  it.each([
    ['draft', false],
    ['submitted', true],
    ['information requested', true],
    ['suspended', true],
    ['last step pending, in recovery', true],
    ['negative, reconsideration possible', true],
    ['reconsideration requested', true],
    ['negative, final', false],
    ['positive', true],
    ['withdrawn', false],
    ['disqualified', false],
    ['lapsed, never sent', false],
    ['information requested, overdue', true],
    ['positive, revocation proposed', true],
  ])('in the state "%s" is barred: %s', (state, barred) => {
    const { procedure } = states[state] ?? {};
    expect(procedure && isRemovalBarred(procedure)).toBe(barred);
  });
  it('stays barred after a positive decision: no new draft replaces it', () => {
    const yes = states.positive?.procedure;
    expect(refusal(beginProcess(yes, beginning(), rules))).toBe('already-decided');
    expect(yes && isRemovalBarred(yes)).toBe(true);
  });
  it('stays barred during recovery when another procedure begins', () => {
    const story = positive(rules)
      .next((process) => withdrawProcess(process, responder.person))
      .begin(beginning(), rules);
    expect(story.now().stage.at).toBe('draft');
    expect(isRemovalBarred(story.now())).toBe(true);
    expect(lastDayOf(story, 'recovery')).toBe('2026-04-01');
  });
  it('stays barred during recovery, also after a withdrawal', () => {
    const story = positive(rules).next((procedure) => withdrawProcess(procedure, responder.person));
    expect(isRemovalBarred(story.now())).toBe(true);
    expect(types(story)).not.toContain('RecoveryEnded');
    expect(isRemovalBarred(story.next((procedure) => timePasses(procedure, day(40))).now())).toBe(
      false,
    );
  });
});
