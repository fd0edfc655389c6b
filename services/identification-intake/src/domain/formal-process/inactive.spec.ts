import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { dueOf, waitsFor } from './asking.ts';
import { confirmDecision, returnDecision } from './confirming.ts';
import { decide } from './deciding.ts';
import { requestInformation, resume, suspendProcess } from './pausing.ts';
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
  verdict,
} from './procedure.fixture.ts';
import { escalatedTo, isOver, isRemovalBarred } from './procedure.ts';
import { beginProcess, submitProcess, withdrawProcess } from './referring.ts';
import { statesOf } from './states.fixture.ts';
import { nextDue, timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const day = (nth: number) => after(noon, nth * DAY_MS);

/** Lets time pass until no deadline is left, for at most this many days. */
function passes(story: Story, days: number): Story {
  for (
    let at = nextDue(story.now());
    at !== undefined && at <= day(days);
    at = nextDue(story.now())
  ) {
    const now = at;
    story.next((procedure) => timePasses(procedure, now));
  }
  return story;
}
const notifiedOf = (story: Story, deadline: string): string[] =>
  story.events.flatMap((event) =>
    event.type === 'DeadlineEscalated' && event.deadline === deadline ? [event.ownerRole] : [],
  );

describe('a draft that is not sent', () => {
  const draft = () => new Story().begin(beginning(), rules);

  it('waits for the referrer, and warns before it lapses', () => {
    expect(waitsFor(draft().now())).toBe('referrer');
    expect(dueOf(draft().now())).toBeGreaterThan(day(29));
    expect(passes(draft(), 30).events.map(({ type }) => type)).toContain('DeadlineDueSoon');
  });

  it('is still a draft when it is due soon', () => {
    const soon = draft().next((procedure) => timePasses(procedure, nextDue(procedure) ?? noon));
    expect(soon.events.at(-1)).toMatchObject({ type: 'DeadlineDueSoon', deadline: 'draft' });
    expect(soon.now().stage).toEqual({ at: 'draft' });
  });

  it('lapses by itself and then does not block a referral by another organisation', () => {
    const lapsed = passes(draft(), 60);
    expect(lapsed.now().stage).toEqual({ at: 'lapsed' });
    expect([isOver(lapsed.now()), isRemovalBarred(lapsed.now())]).toEqual([true, false]);
    const other = { ...beginning(), by: { ...responder, organisation: 'another' }, at: day(60) };
    expect(beginProcess(lapsed.now(), other, rules)).toMatchObject({ kind: 'accepted' });
    expect(beginProcess(draft().now(), other, rules)).toMatchObject({ refusal: 'already-open' });
  });

  it('does not lapse after it was sent or withdrawn', () => {
    const sent = draft().next((procedure) => submitProcess(procedure, submission(), rules));
    const back = draft().next((procedure) => withdrawProcess(procedure, responder.person));
    for (const story of [sent, back])
      expect(passes(story, 90).events.map(({ type }) => type)).not.toContain('ProcessLapsed');
  });

  it('does not end a running recovery when it lapses', () => {
    const again = positive(rules)
      .next((procedure) => withdrawProcess(procedure, responder.person))
      .begin(
        { ...beginning(), at: day(1) },
        { ...rules, inactive: { ...rules.inactive, draft: { unit: 'days', count: 1 } } },
      );
    const lapsed = passes(again, 10);
    expect(lapsed.now().stage.at).toBe('lapsed');
    expect(isRemovalBarred(lapsed.now())).toBe(true);
    expect(isRemovalBarred(passes(lapsed, 60).now())).toBe(false);
  });
});

describe.each([
  ['information that does not come', 'information-requested', 'information-missing', 'informants'],
  ['a person who is not fit', 'information-requested', 'person-not-fit', 'person'],
  ['a person who is missing', 'suspended', 'person-missing', 'person'],
  ['a court that has asked for it', 'suspended', 'court-requested', 'court'],
] as const)('a pause for %s', (_, from, ground, party) => {
  const pauseStep = from === 'suspended' ? suspendProcess : requestInformation;
  const paused = () =>
    pending(rules).next((procedure) =>
      pauseStep(procedure, { ground, actor: first, at: day(2) }, rules),
    );

  it('has the party that it waits for, and a deadline', () => {
    expect(waitsFor(paused().now())).toBe(party);
    expect(dueOf(paused().now())).toBeGreaterThan(day(31));
  });

  it('is escalated when it lasts too long, while the statutory deadline is paused', () => {
    const long = passes(paused(), 120);
    expect(notifiedOf(long, 'pause')).toEqual([
      'competent-authority',
      'coordinator',
      'data-protection-officer',
    ]);
    expect(escalatedTo(long.now())).toBe('data-protection-officer');
    expect(long.now().deadlines['reasonable-grounds']?.state).toBe('paused');
  });

  it('is not escalated any more when it ends, and the statutory deadline has its full remaining term', () => {
    const on = passes(paused(), 120).next((procedure) =>
      resume(procedure, from, { actor: first, at: day(121) }, rules),
    );
    expect(escalatedTo(on.now())).toBeUndefined();
    expect(on.now().deadlines.pause).toBeUndefined();
    expect(on.now().deadlines['reasonable-grounds']).toMatchObject({
      state: 'running',
      escalationCount: 0,
    });
  });
});

it('a pause for a reason that the law does not name is refused', () => {
  const whim = { ground: 'whim', actor: first, at: day(2) };
  for (const pauseStep of [suspendProcess, requestInformation])
    expect(pauseStep(pending(rules).now(), whim, rules)).toMatchObject({
      refusal: 'unknown-ground',
      field: 'ground',
    });
});

describe('a proposed disqualification', () => {
  const proposed = () => {
    const yes = positive(rules)
      .next((procedure) => timePasses(procedure, day(40)))
      .next((procedure) => decide(procedure, verdict('positive', first, day(40)), rules));
    return yes.next((procedure) =>
      decide(procedure, verdict('disqualified', first, day(41)), rules),
    );
  };

  it('waits for a second person until a deadline, and is escalated after it', () => {
    expect(waitsFor(proposed().now())).toBe('second-person');
    const deadline = proposed().now().deadlines.disqualification;
    expect(dueOf(proposed().now())).toBe(
      deadline?.state === 'running' ? deadline.end.due : undefined,
    );
    expect(notifiedOf(passes(proposed(), 120), 'disqualification')).toHaveLength(3);
  });

  it('has no deadline after it is confirmed or returned', () => {
    const confirmed = proposed().next((procedure) =>
      confirmDecision(procedure, confirming(second, day(42)), rules),
    );
    const returned = proposed().next((procedure) =>
      returnDecision(procedure, { ...confirming(second, day(42)), reason: 'not-reasoned' }, rules),
    );
    for (const story of [confirmed, returned])
      expect(story.now().deadlines.disqualification).toBeUndefined();
  });
});

describe('the next deadline of a procedure', () => {
  it('is that of the authority from submission to decision', () => {
    const states = statesOf(rules);
    for (const state of ['submitted', 'first step pending', 'last step pending, in recovery']) {
      const procedure = states[state]?.procedure;
      expect(procedure && waitsFor(procedure)).toBe('authority');
    }
  });

  it('is that of the party it waits for, never that of the recovery', () => {
    const recovering = statesOf(rules)['last step pending, in recovery']?.procedure;
    const deadline = recovering?.deadlines['conclusive-grounds'];
    expect(recovering && dueOf(recovering)).toBe(
      deadline?.state === 'running' ? deadline.end.due : undefined,
    );
    const withdrawn = positive(rules).next((procedure) =>
      withdrawProcess(procedure, responder.person),
    );
    expect(withdrawn.now().recovery?.state).toBe('running');
    expect([waitsFor(withdrawn.now()), dueOf(withdrawn.now())]).toEqual(['nobody', undefined]);
  });
});
