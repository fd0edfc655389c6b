import { describe, expect, it } from 'vitest';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { goOn, requestInformation } from './pausing.ts';
import { confirming, first, noon, pending, rulesOfCountry, second, verdict } from './procedure.fixture.ts';
import { proposalOf } from './procedure.ts';
import type { ProcessDecision } from './rules.ts';

const rules = await rulesOfCountry('sample');
const refusal = (decision: ProcessDecision) => (decision.kind === 'refused' ? decision.refusal : decision.kind);
const [FIRST, OTHER] = ['d0000000-0000-4000-8000-00000000000a', 'd0000000-0000-4000-8000-00000000000b'];
const proposes = (outcome: 'negative' | 'disqualified', decisionId: string) => (procedure: Procedure) =>
  decide(procedure, { ...verdict(outcome), decisionId }, rules);
type Procedure = ReturnType<ReturnType<typeof pending>['now']>;

describe('a second person', () => {
  const madeAnew = () =>
    pending(rules)
      .next(proposes('negative', FIRST))
      .next((procedure) =>
        returnDecision(procedure, { ...confirming(), decisionId: FIRST, reason: 'not-reasoned' }, rules),
      )
      .next(proposes('disqualified', OTHER));

  it('confirms what she has read, and nothing that was made anew meanwhile', () => {
    const procedure = madeAnew().now();
    expect(proposalOf(procedure)).toMatchObject({ outcome: 'disqualified', madeBy: first.person });
    expect(refusal(confirmDecision(procedure, { ...confirming(), decisionId: FIRST }, rules))).toBe('another-proposal');
    expect(refusal(confirmDecision(procedure, { ...confirming(), decisionId: OTHER }, rules))).toBe('accepted');
  });

  it('returns what she has read, too', () => {
    const returning = { ...confirming(), decisionId: FIRST, reason: 'not-reasoned' };
    expect(refusal(returnDecision(madeAnew().now(), returning, rules))).toBe('another-proposal');
  });

  it('is told that it rests while information is awaited, and confirms when it goes on', () => {
    const resting = pending(rules)
      .next(proposes('negative', FIRST))
      .next((procedure) =>
        requestInformation(procedure, { ground: 'information-missing', actor: second, at: noon }, rules),
      );
    const confirms = (procedure: Procedure) =>
      confirmDecision(procedure, { ...confirming(), decisionId: FIRST }, rules);
    expect(refusal(confirms(resting.now()))).toBe('paused');
    resting.next((procedure) => goOn(procedure, 'information-requested', { actor: second, at: noon }, rules));
    expect(refusal(confirms(resting.now()))).toBe('accepted');
  });
});
