import { describe, expect, it } from 'vitest';
import { first, noon, pending, positive, responder, rulesOfCountry } from './procedure.fixture.ts';
import { endRecovery } from './recovery.ts';

describe.each(['sample', 'albion', 'islets'])('in %s', async (name) => {
  const rules = await rulesOfCountry(name);
  const ends = (ground: string, actor = first) => endRecovery(positive(rules, noon).now(), ground, actor, rules);

  it.each(['public-order', 'status-claimed-improperly'])('her recovery ends early for %s', (ground) =>
    expect(ends(ground)).toMatchObject({ kind: 'accepted', events: [{ type: 'RecoveryEnded', ground }, {}] }),
  );

  it.each(['will-not-testify', 'no-cooperation', 'threshold-not-met', 'health', ''])(
    'it never ends for "%s"',
    (ground) => expect(ends(ground)).toMatchObject({ refusal: 'unknown-ground', field: 'ground' }),
  );

  it('it is ended by the authority that has the procedure, and only where it runs', () => {
    const stranger = { ...first, organisation: responder.organisation };
    expect(ends('public-order', stranger)).toMatchObject({ refusal: 'not-the-authority' });
    expect(endRecovery(pending(rules).now(), 'public-order', first, rules)).toMatchObject({
      ...{ refusal: 'not-in-recovery' },
    });
  });
});
