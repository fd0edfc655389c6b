import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { decide } from './deciding.ts';
import {
  beginning,
  first,
  noon,
  pending,
  positive,
  responder,
  rulesOfCountry,
  submission,
  verdict,
} from './procedure.fixture.ts';
import { RECOVERY } from './procedure.ts';
import { endRecovery, extendRecovery } from './recovery.ts';
import { submitProcess, takeUp, withdrawProcess } from './referring.ts';
import { timePasses } from './time-passes.ts';

describe.each(['sample', 'albion', 'islets'])('in %s', async (name) => {
  const rules = await rulesOfCountry(name);
  const ends = (ground: string, actor = first) =>
    endRecovery(positive(rules, noon).now(), ground, actor, rules);

  it.each(['public-order', 'status-claimed-improperly'])(
    'the recovery period ends early for %s',
    (ground) =>
      expect(ends(ground)).toMatchObject({
        kind: 'accepted',
        events: [{ type: 'RecoveryEnded', ground }, {}],
      }),
  );

  it.each(['will-not-testify', 'no-cooperation', 'threshold-not-met', 'health', ''])(
    'the recovery period never ends for "%s"',
    (ground) => expect(ends(ground)).toMatchObject({ refusal: 'unknown-ground', field: 'ground' }),
  );

  it('the recovery period runs until the last moment of its term, and then ends by itself', () => {
    const story = positive(rules);
    const deadline = story.now().deadlines[RECOVERY];
    if (deadline?.state !== 'running') throw new Error('no recovery runs');
    const { due } = deadline.end;
    const before = story.next((procedure) => timePasses(procedure, after(due, -1)));
    expect(before.now().recovery).toMatchObject({ state: 'running' });
    const over = before.next((procedure) => timePasses(procedure, due));
    expect(over.now().recovery).toEqual({ state: 'over', endedEarlyOn: undefined });
  });

  it('the recovery period is extended by the authority that has the procedure, only while it runs', () => {
    const [{ code: ground } = { code: '' }] = rules.recovery.extensionGrounds;
    const more = { by: { unit: rules.recovery.extendedAtMost.unit, count: 1 }, ground, at: noon };
    const stranger = { ...first, organisation: responder.organisation };
    const recovers = positive(rules).now();
    expect(extendRecovery(recovers, { ...more, actor: first }, rules)).toMatchObject({
      kind: 'accepted',
    });
    expect(extendRecovery(recovers, { ...more, actor: stranger }, rules)).toMatchObject({
      refusal: 'not-the-authority',
    });
    expect(extendRecovery(pending(rules).now(), { ...more, actor: first }, rules)).toMatchObject({
      refusal: 'not-in-recovery',
    });
    const { unit, count } = rules.recovery.extendedAtMost;
    for (const by of [
      { unit, count: count + 1 },
      { unit: unit === 'days' ? 'working-days' : 'days', count: 1 } as const,
    ])
      expect(extendRecovery(recovers, { ...more, by, actor: first }, rules)).toMatchObject({
        refusal: 'too-long',
      });
  });

  it('the recovery period is ended by the authority that has the procedure, only while it runs', () => {
    const stranger = { ...first, organisation: responder.organisation };
    expect(ends('public-order', stranger)).toMatchObject({ refusal: 'not-the-authority' });
    expect(endRecovery(pending(rules).now(), 'public-order', first, rules)).toMatchObject({
      refusal: 'not-in-recovery',
    });
  });
});

it('a recovery period begins once: the first positive decision of another procedure neither begins it again nor ends it', async () => {
  const rules = await rulesOfCountry('sample');
  const story = positive(rules).next((procedure) => withdrawProcess(procedure, responder.person));
  const deadline = story.now().deadlines[RECOVERY];
  story
    .begin(beginning(), rules)
    .fill(rules)
    .next((procedure) => submitProcess(procedure, submission(), rules))
    .next((procedure) => takeUp(procedure, first));
  const again = decide(story.now(), verdict('positive'), rules);
  const types = again.kind === 'accepted' ? again.events.map(({ type }) => type) : [];
  expect(types).toContain('DecisionMade');
  expect(types.filter((type) => type.startsWith('Recovery'))).toEqual([]);
  expect(story.now().deadlines[RECOVERY]).toEqual(deadline);
});

it('a procedure that begins after one without a recovery period has none', async () => {
  const rules = await rulesOfCountry('sample');
  const story = pending(rules).next((procedure) => withdrawProcess(procedure, responder.person));
  expect(story.begin(beginning(), rules).now().recovery).toBeUndefined();
});
