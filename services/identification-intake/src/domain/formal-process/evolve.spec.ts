import { expect, it } from 'vitest';
import { evolveProcess } from './evolve.ts';
import { beginning, first, positive, rulesOfCountry, Story } from './procedure.fixture.ts';
import { RECOVERY } from './procedure.ts';
import { beginProcess } from './referring.ts';

const rules = await rulesOfCountry('sample');
const draft = new Story().begin(beginning(), rules).now();

it('an event before the process began is a fault that names the event', () =>
  expect(() => evolveProcess(undefined, { type: 'ProcessTakenUp', by: first.person })).toThrow(
    'ProcessTakenUp before ProcessBegun',
  ));

it('an event of what nobody has in hand is a fault that names where the process stands', () => {
  expect(() => evolveProcess(draft, { type: 'ProcessTakenUp', by: first.person })).toThrow(
    'in hand in draft',
  );
  const returned = { type: 'DecisionReturned', by: first.person, reason: 'not-reasoned' } as const;
  expect(() => evolveProcess(draft, returned)).toThrow('in hand in draft');
});

it('a process that begins keeps of the one before it the deadline of the recovery, and no other', () => {
  const before = positive(rules).now();
  expect(Object.keys(before.deadlines).length).toBeGreaterThan(1);
  const begun = beginProcess(undefined, beginning(), rules);
  const [event] = begun.kind === 'accepted' ? begun.events : [];
  expect(event && Object.keys(evolveProcess(before, event).deadlines)).toEqual([RECOVERY]);
});

it('a process is begun at an authority that is known', () =>
  expect(beginProcess(undefined, { ...beginning(), authority: undefined }, rules)).toMatchObject({
    refusal: 'unknown-authority',
    field: 'authority_id',
  }));
