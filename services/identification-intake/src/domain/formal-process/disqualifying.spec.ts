import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import {
  confirming,
  DAY_MS,
  first,
  noon,
  positive,
  responder,
  rulesOfCountry,
  type Story,
  second,
  verdict,
} from './procedure.fixture.ts';
import { isRemovalBarred } from './procedure.ts';
import type { ProcessDecision } from './rules.ts';
import { timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const day = (nth: number) => after(noon, nth * DAY_MS);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : 'accepted';

describe('the revocation of a positive decision (article 13(3) of the convention)', () => {
  const decidedYes = () =>
    positive(rules)
      .next((procedure) => timePasses(procedure, day(40)))
      .next((procedure) => decide(procedure, verdict('positive', first, day(40)), rules));
  const disqualifies =
    (actor = first, more: Partial<ReturnType<typeof verdict>> = {}) =>
    (procedure: ReturnType<Story['now']>) =>
      decide(procedure, { ...verdict('disqualified', actor, day(50)), ...more }, rules);

  it('is proposed by one person with reasons, and confirmed by another', () => {
    const story = decidedYes().next(disqualifies());
    expect(story.now().stage.at).toBe('decided');
    expect(isRemovalBarred(story.now())).toBe(true);
    expect(refusal(confirmDecision(story.now(), confirming(first, day(51)), rules))).toBe(
      'second-person-needed',
    );
    story.next((procedure) => confirmDecision(procedure, confirming(second, day(51)), rules));
    expect(story.now().stage.at).toBe('disqualified');
    expect(story.now().decisions.map(({ outcome }) => outcome)).toEqual([
      'positive',
      'positive',
      'disqualified',
    ]);
    expect(isRemovalBarred(story.now())).toBe(false);
  });

  it('needs lawful reasons, and cannot become a negative decision', () => {
    expect(refusal(disqualifies(first, { reasons: [] })(decidedYes().now()))).toBe(
      'reasons-needed',
    );
    expect(
      refusal(disqualifies(first, { reasons: ['threshold-not-met'] })(decidedYes().now())),
    ).toBe('unknown-reason');
    expect(refusal(decide(decidedYes().now(), verdict('negative', first, day(50)), rules))).toBe(
      'already-decided',
    );
  });

  it('is refused to another organisation, and is returned by a second person who does not confirm it', () => {
    const stranger = { ...first, organisation: responder.organisation };
    expect(refusal(disqualifies(stranger)(decidedYes().now()))).toBe('not-the-authority');
    const returned = decidedYes()
      .next(disqualifies())
      .next((procedure) =>
        returnDecision(procedure, { ...confirming(second), reason: 'not-reasoned' }, rules),
      );
    expect(returned.now().stage).toMatchObject({ at: 'decided', proposal: undefined });
    expect(isRemovalBarred(returned.now())).toBe(true);
  });
});
