import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { requestInformation, resume } from './pausing.ts';
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
import { proposalOf, RECONSIDERATION } from './procedure.ts';
import { requestReconsideration } from './reconsidering.ts';
import { takeUp } from './referring.ts';
import type { Actor, ProcessDecision } from './rules.ts';
import { timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : decision.kind;
const [FIRST, OTHER] = [
  'd0000000-0000-4000-8000-00000000000a',
  'd0000000-0000-4000-8000-00000000000b',
];
const proposes =
  (outcome: 'negative' | 'disqualified', decisionId: string) => (procedure: Procedure) =>
    decide(procedure, { ...verdict(outcome), decisionId }, rules);
type Procedure = ReturnType<ReturnType<typeof pending>['now']>;

describe('a second person', () => {
  const madeAnew = () =>
    pending(rules)
      .next(proposes('negative', FIRST))
      .next((procedure) =>
        returnDecision(
          procedure,
          { ...confirming(), decisionId: FIRST, reason: 'not-reasoned' },
          rules,
        ),
      )
      .next(proposes('disqualified', OTHER));

  it('confirms the proposal that they read, not a later one', () => {
    const procedure = madeAnew().now();
    expect(proposalOf(procedure)).toMatchObject({ outcome: 'disqualified', madeBy: first.person });
    expect(refusal(confirmDecision(procedure, { ...confirming(), decisionId: FIRST }, rules))).toBe(
      'another-proposal',
    );
    expect(refusal(confirmDecision(procedure, { ...confirming(), decisionId: OTHER }, rules))).toBe(
      'accepted',
    );
  });

  it('returns only the proposal that they read', () => {
    const returning = { ...confirming(), decisionId: FIRST, reason: 'not-reasoned' };
    expect(refusal(returnDecision(madeAnew().now(), returning, rules))).toBe('another-proposal');
  });

  it('is refused during a pause, and confirms after it', () => {
    const paused = pending(rules)
      .next(proposes('negative', FIRST))
      .next((procedure) =>
        requestInformation(
          procedure,
          { ground: 'information-missing', actor: second, at: noon },
          rules,
        ),
      );
    const confirms = (procedure: Procedure) =>
      confirmDecision(procedure, { ...confirming(), decisionId: FIRST }, rules);
    expect(refusal(confirms(paused.now()))).toBe('paused');
    paused.next((procedure) =>
      resume(procedure, 'information-requested', { actor: second, at: noon }, rules),
    );
    expect(refusal(confirms(paused.now()))).toBe('accepted');
  });
});

const clerk: Actor = { ...second, desk: 'caseworker' };

describe('a person of the authority whose role may not decide', () => {
  it('confirms nothing, and does not learn whether there is a proposal', () => {
    const proposal = pending(rules).next(proposes('negative', FIRST));
    for (const procedure of [pending(rules).now(), proposal.now()])
      expect(
        refusal(confirmDecision(procedure, { ...confirming(clerk), decisionId: FIRST }, rules)),
      ).toBe('role-may-not-decide');
  });
});

describe('the disqualification of a positive decision', () => {
  const later = after(noon, 40 * DAY_MS);
  const decidedYes = () =>
    positive(rules)
      .next((procedure) => timePasses(procedure, later))
      .next((procedure) => decide(procedure, verdict('positive', first, later), rules));
  const proposesDisqualification = (actor: Actor) => (procedure: Procedure) =>
    decide(procedure, verdict('disqualified', actor, later), rules);

  it('is proposed and confirmed only by those who may decide at the authority', () => {
    expect(refusal(proposesDisqualification(clerk)(decidedYes().now()))).toBe(
      'role-may-not-decide',
    );
    const proposed = decidedYes().next(proposesDisqualification(first)).now();
    expect(refusal(confirmDecision(proposed, confirming(clerk, later), rules))).toBe(
      'role-may-not-decide',
    );
    const stranger = { ...second, organisation: responder.organisation };
    expect(refusal(confirmDecision(proposed, confirming(stranger, later), rules))).not.toBe(
      'accepted',
    );
  });

  it('is not a reconsideration', () =>
    expect(proposalOf(decidedYes().next(proposesDisqualification(first)).now())).toMatchObject({
      reconsidered: false,
    }));
});

describe('the reconsideration of a negative decision', () => {
  const again = () =>
    pending(rules)
      .next(proposes('negative', FIRST))
      .next((procedure) =>
        confirmDecision(procedure, { ...confirming(), decisionId: FIRST }, rules),
      )
      .next((procedure) =>
        requestReconsideration(
          procedure,
          { by: responder.person, reasons: ['new-information'], at: noon },
          rules,
        ),
      )
      .next((procedure) => takeUp(procedure, third));
  const decides = (actor: Actor) => (procedure: Procedure) =>
    decide(procedure, { ...verdict('negative', actor), decisionId: OTHER }, rules);

  it('is neither decided nor confirmed by a person who made or confirmed the first decision', () => {
    const proposed = again().next(decides(third)).now();
    for (const actor of [first, second]) {
      expect(refusal(decides(actor)(again().now()))).toBe('another-person-needed');
      const confirms = confirmDecision(
        proposed,
        { ...confirming(actor), decisionId: OTHER },
        rules,
      );
      expect(refusal(confirms)).toBe('another-person-needed');
    }
    const fourth = { ...third, person: 'b0000000-0000-4000-8000-000000000009' };
    expect(
      refusal(confirmDecision(proposed, { ...confirming(fourth), decisionId: OTHER }, rules)),
    ).toBe('accepted');
  });

  it('is requested with lawful reasons, before its deadline', () => {
    const no = pending(rules)
      .next(proposes('negative', FIRST))
      .next((procedure) =>
        confirmDecision(procedure, { ...confirming(), decisionId: FIRST }, rules),
      )
      .now();
    const deadline = no.deadlines[RECONSIDERATION];
    const due = deadline?.state === 'running' ? deadline.end.due : noon;
    const asks = (at: typeof noon, reasons = ['new-information']) =>
      requestReconsideration(no, { by: responder.person, reasons, at }, rules);
    expect(refusal(asks(after(due, -1)))).toBe('accepted');
    expect(refusal(asks(due))).toBe('too-late');
    expect(refusal(asks(noon, []))).toBe('reasons-needed');
    expect(refusal(asks(noon, ['new-information', 'whim']))).toBe('unknown-reason');
  });
});
