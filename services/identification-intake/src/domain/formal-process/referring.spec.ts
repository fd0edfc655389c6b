import { describe, expect, it } from 'vitest';
import { lastDayIn } from './last-day.fixture.ts';
import {
  beginning,
  pending,
  responder,
  rulesOfCountry,
  Story,
  submission,
} from './procedure.fixture.ts';
import { beginProcess, submitProcess } from './referring.ts';
import type { ProcessDecision } from './rules.ts';

const rules = await rulesOfCountry('sample');
const lastDayOf = lastDayIn(rules);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : 'accepted';

describe('a referral to the authority', () => {
  const draft = (age: 'adult' | 'child' | 'unsure') =>
    new Story().begin(beginning(age), rules).now();
  it('of an adult needs their permission', () => {
    const without = { ...submission(), permitted: false };
    expect(refusal(submitProcess(draft('adult'), without, rules))).toBe('permission-needed');
  });
  it.each(['child', 'unsure'] as const)(
    'of a person whose age is "%s" needs no permission and is made as that of a child',
    (age) => {
      const decision = submitProcess(draft(age), { ...submission(), permitted: false }, rules);
      expect(decision).toMatchObject({
        events: [{ type: 'ProcessSubmitted', basis: 'child-protection' }, {}, {}],
      });
    },
  );
  it('to an authority that also enforces needs that the person was informed before', () => {
    const uninformed = { ...submission(), otherPowers: ['enforcement'] };
    expect(refusal(submitProcess(draft('adult'), uninformed, rules))).toBe('person-not-informed');
    expect(
      refusal(submitProcess(draft('adult'), { ...uninformed, personInformed: true }, rules)),
    ).toBe('accepted');
  });
  it('records the powers of which the person was informed, and none when the authority has no others', () => {
    const informed = {
      ...submission(),
      otherPowers: ['enforcement', 'immigration-control'],
      personInformed: true,
    };
    const sentTo = (how: typeof informed | ReturnType<typeof submission>) =>
      new Story()
        .begin(beginning(), rules)
        .next((procedure) => submitProcess(procedure, how, rules))
        .now().submission;
    expect(sentTo(informed)).toMatchObject({
      basis: 'permission',
      informedOfPowers: ['enforcement', 'immigration-control'],
    });
    expect(sentTo(submission())).toMatchObject({ informedOfPowers: [] });
  });
  it('is made only by the roles that the country names', async () => {
    const albion = await rulesOfCountry('albion');
    const caseworker = { ...beginning(), by: { ...responder, desk: 'caseworker' } };
    expect(refusal(beginProcess(undefined, caseworker, albion))).toBe('role-may-not-refer');
    expect(refusal(beginProcess(undefined, caseworker, rules))).toBe('accepted');
    expect(refusal(beginProcess(undefined, beginning(), albion))).toBe('accepted');
  });
  it('starts the deadline at once, whenever the authority opens it', () => {
    expect(lastDayOf(pending(rules), 'reasonable-grounds')).toBe('2026-03-16');
  });
});
