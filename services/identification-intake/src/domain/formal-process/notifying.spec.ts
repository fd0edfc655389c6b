import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { dueOf, waitsFor } from './asking.ts';
import { decide } from './deciding.ts';
import { notifyPerson } from './notifying.ts';
import {
  DAY_MS,
  first,
  noon,
  positive,
  responder,
  rulesOfCountry,
  type Story,
  verdict,
} from './procedure.fixture.ts';
import type { Notification } from './procedure.ts';
import type { ProcessDecision } from './rules.ts';
import { nextDue, timePasses } from './time-passes.ts';

const rules = await rulesOfCountry('sample');
const day = (nth: number) => after(noon, nth * DAY_MS);
const refusal = (decision: ProcessDecision) =>
  decision.kind === 'refused' ? decision.refusal : decision.kind;
const LATER = 'd0000000-0000-4000-8000-000000000002';
const idOf = (story: Story, nth = 0): string => story.now().decisions[nth]?.decisionId ?? '';
const notifies =
  (decisionId: string, more: Partial<Notification> = {}, at = day(1)) =>
  (procedure: ReturnType<Story['now']>) =>
    notifyPerson(
      procedure,
      {
        decisionId,
        form: 'read-with-interpreter',
        language: 'vi',
        interpreterId: 'i1',
        notifiedAt: noon,
        by: responder.person,
        at,
        ...more,
      },
      rules,
    );

describe('the notification of a decision', () => {
  it('must be notified in time: its deadline is escalated', () => {
    const story = positive(rules);
    for (
      let at = nextDue(story.now());
      at !== undefined && at < day(29);
      at = nextDue(story.now())
    ) {
      const now = at;
      story.next((procedure) => timePasses(procedure, now));
    }
    const late = story.events.flatMap((event) =>
      event.type === 'DeadlineEscalated' ? [event] : [],
    );
    expect(late.map(({ deadline, ownerRole }) => [deadline, ownerRole])).toEqual([
      ['notify-person', 'competent-authority'],
      ['notify-person', 'coordinator'],
      ['notify-person', 'data-protection-officer'],
    ]);
  });

  it('is recorded once with its form, language, interpreter, author and time', () => {
    const story = positive(rules);
    story.next(notifies(idOf(story)));
    expect(story.now().notifications).toEqual([
      {
        decisionId: idOf(story),
        form: 'read-with-interpreter',
        language: 'vi',
        interpreterId: 'i1',
        notifiedAt: noon,
        by: responder.person,
      },
    ]);
    expect(story.now().deadlines['notify-person']).toBeUndefined();
    expect(refusal(notifies(idOf(story))(story.now()))).toBe('already-notified');
  });

  it('must have a form of the country and a time between the decision and now', () => {
    const story = positive(rules);
    const refusalFor = (more: Partial<Notification>, id = idOf(story)) =>
      refusal(notifies(id, more)(story.now()));
    expect(refusalFor({}, 'nobody-s')).toBe('unknown-decision');
    expect(refusalFor({ form: 'shouted' })).toBe('unknown-notification-form');
    expect(refusalFor({ notifiedAt: day(2) })).toBe('in-the-future');
    expect(refusalFor({ notifiedAt: day(-1) })).toBe('before-decision');
  });

  it('of a later decision does not extend the deadline of the first', () => {
    const story = positive(rules);
    const before = story.now().deadlines['notify-person'];
    story
      .next((procedure) => timePasses(procedure, day(40)))
      .next((procedure) =>
        decide(procedure, { ...verdict('positive', first, day(40)), decisionId: LATER }, rules),
      );
    expect(story.now().deadlines['notify-person']).toMatchObject({
      end: before?.state === 'running' ? before.end : {},
    });
    story.next(notifies(idOf(story), {}, day(41)));
    expect([waitsFor(story.now()), dueOf(story.now()) !== undefined]).toEqual(['referrer', true]);
    story.next(notifies(LATER, { notifiedAt: day(41) }, day(41)));
    expect([waitsFor(story.now()), dueOf(story.now())]).toEqual(['nobody', undefined]);
  });
});
