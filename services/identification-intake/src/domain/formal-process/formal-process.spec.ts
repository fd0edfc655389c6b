import { localDateOf } from '@opennrm/country';
import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { extendDeadline, requestInformation, resume } from './pausing.ts';
import {
  beginning,
  confirming,
  DAY_MS,
  first,
  noon,
  pending,
  positive,
  responder,
  rulesOfCountry,
  Story,
  second,
  submission,
  third,
  verdict,
} from './procedure.fixture.ts';
import { isRemovalBarred } from './procedure.ts';
import { requestReconsideration } from './reconsidering.ts';
import { extendRecovery } from './recovery.ts';
import { beginProcess, submitProcess, takeUp, withdrawProcess } from './referring.ts';
import { statesOf } from './states.fixture.ts';
import { nextDue, timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const states = statesOf(rules);
const day = (nth: number) => after(noon, nth * DAY_MS);
/** The last day on which it is in time; or how the clock stands, where it does not run. */
const lastDayOf = (story: Story, deadline: string): string | undefined => {
  const found = story.now().deadlines[deadline];
  return found?.state === 'running'
    ? localDateOf(after(found.end.due, -1), rules.workdays.timeZone)
    : found?.state;
};
const types = (story: Story): string[] => story.events.map(({ type }) => type);
const refusal = (decision: ReturnType<typeof decide>) =>
  decision.kind === 'refused' ? decision.refusal : 'accepted';

describe('being referred', () => {
  const draft = (age: 'adult' | 'child' | 'unsure') =>
    new Story().begin(beginning(age), rules).now();
  it('needs the permission of an adult', () => {
    const without = { ...submission(), permitted: false };
    expect(refusal(submitProcess(draft('adult'), without, rules))).toBe('permission-needed');
  });
  it.each(['child', 'unsure'] as const)(
    'of somebody %s is done without asking, as a child',
    (age) => {
      const decision = submitProcess(draft(age), { ...submission(), permitted: false }, rules);
      expect(decision).toMatchObject({
        events: [{ type: 'ProcessSubmitted', basis: 'child-protection' }, {}, {}],
      });
    },
  );
  it('to an authority that also enforces needs that the person was informed before', () => {
    const untold = { ...submission(), otherPowers: ['enforcement'] };
    expect(refusal(submitProcess(draft('adult'), untold, rules))).toBe('person-not-informed');
    expect(refusal(submitProcess(draft('adult'), { ...untold, personInformed: true }, rules))).toBe(
      'accepted',
    );
  });
  it('records of which powers the person was informed before, and none where there are none', () => {
    const told = {
      ...submission(),
      otherPowers: ['enforcement', 'immigration-control'],
      personInformed: true,
    };
    const sentTo = (how: typeof told | ReturnType<typeof submission>) =>
      new Story()
        .begin(beginning(), rules)
        .next((procedure) => submitProcess(procedure, how, rules))
        .now().submission;
    expect(sentTo(told)).toMatchObject({
      basis: 'permission',
      informedOfPowers: ['enforcement', 'immigration-control'],
    });
    expect(sentTo(submission())).toMatchObject({ informedOfPowers: [] });
  });
  it('is done by the roles that the country names, and by no others', async () => {
    const albion = await rulesOfCountry('albion');
    const caseworker = { ...beginning(), by: { ...responder, desk: 'caseworker' } };
    expect(refusal(beginProcess(undefined, caseworker, albion))).toBe('role-may-not-refer');
    expect(refusal(beginProcess(undefined, caseworker, rules))).toBe('accepted');
    expect(refusal(beginProcess(undefined, beginning(), albion))).toBe('accepted');
  });
  it('starts the clock at once, whenever the authority opens its post', () => {
    expect(lastDayOf(pending(rules), 'reasonable-grounds')).toBe('2026-03-16');
  });
});

describe('a decision', () => {
  it('names who made it, why, on what, and under which rules', () => {
    expect(positive(rules).now().decisions).toMatchObject([
      {
        madeBy: first.person,
        reasons: ['indicators-present'],
        ruleVersion: rules.id,
        step: 'reasonable-grounds',
      },
    ]);
  });
  it('says by when it was due', () => {
    const pendingDeadline = pending(rules).now().deadlines['reasonable-grounds'];
    if (pendingDeadline?.state !== 'running')
      throw new Error('the deadline of the step does not run');
    expect(positive(rules).now().decisions).toMatchObject([{ due: pendingDeadline.end.due }]);
  });
  it('without reasons, or with reasons of another outcome, is none', () => {
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
  it('is made by a role that the country names, of the authority that has it', () => {
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
  it('that says no counts when a second person has confirmed it, and never by the same', () => {
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
  it('that is returned is made again, under the clock that ran on', () => {
    const returned = pending(rules)
      .next((procedure) => decide(procedure, verdict('negative'), rules))
      .next((procedure) =>
        returnDecision(procedure, { ...confirming(second), reason: 'not-reasoned' }, rules),
      );
    expect(lastDayOf(returned, 'reasonable-grounds')).toBe('2026-03-16');
    expect(refusal(decide(returned.now(), verdict('positive'), rules))).toBe('accepted');
  });
});

describe('after a first yes', () => {
  it('thirty days of recovery begin, and the next deadline runs', () => {
    const story = positive(rules);
    expect(lastDayOf(story, 'recovery')).toBe('2026-04-01');
    expect(lastDayOf(story, 'conclusive-grounds')).toBe('2026-06-01');
  });
  it('a disqualification ends the recovery, on its ground and with its clock', () => {
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
  it('the recovery period may be extended once, on a lawful ground', () => {
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

describe('a statutory deadline', () => {
  it('stands still while information is missing, and goes on with what was left', () => {
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
  it('is extended once, and only on a ground that the law names', () => {
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
  it('says that it will be due, that it is, and tells ever higher that it is overdue', () => {
    const story = pending(rules);
    const told: string[] = [];
    for (let at = nextDue(story.now()); at !== undefined; at = nextDue(story.now())) {
      const now = at;
      story.next((procedure) => timePasses(procedure, now));
      const event = story.events.at(-1);
      told.push(event?.type === 'DeadlineEscalated' ? event.ownerRole : (event?.type ?? ''));
    }
    expect(told).toEqual([
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

describe('a no', () => {
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
  it('may be asked to be looked at again in time, and not later', () => {
    const late = { by: responder.person, reasons: ['new-information'], at: day(31) };
    expect(refusal(requestReconsideration(no().now(), late, rules))).toBe('too-late');
    expect(asked().now().stage).toMatchObject({ at: 'submitted', step: 'reasonable-grounds' });
  });
  it('is looked at again by people who were not in it', () => {
    const again = asked().next((procedure) => takeUp(procedure, third));
    expect(refusal(decide(again.now(), verdict('positive', second), rules))).toBe(
      'another-person-needed',
    );
    expect(refusal(decide(again.now(), verdict('positive', third), rules))).toBe('accepted');
  });
  it('is looked at again once', () => {
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
  it('stays barred after a yes: no new draft can take its place', () => {
    const yes = states.positive?.procedure;
    expect(refusal(beginProcess(yes, beginning(), rules))).toBe('already-decided');
    expect(yes && isRemovalBarred(yes)).toBe(true);
  });
  it('stays barred during recovery, though another procedure begins', () => {
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

describe('a yes that is taken back (article 13(3) of the convention)', () => {
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

  it('needs reasons, and lawful ones; and cannot be turned into a no', () => {
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

  it('is not done by another body, and is returned by a second person who does not stand for it', () => {
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
