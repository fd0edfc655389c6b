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

it('an event that needs an open step is a fault in any other stage, and names the stage', () => {
  expect(() => evolveProcess(draft, { type: 'ProcessTakenUp', by: first.person })).toThrow(
    'no step is open in draft',
  );
  const returned = { type: 'DecisionReturned', by: first.person, reason: 'not-reasoned' } as const;
  expect(() => evolveProcess(draft, returned)).toThrow('no step is open in draft');
});

it('a new process keeps only the deadline of the recovery from the process before it', () => {
  const before = positive(rules).now();
  expect(Object.keys(before.deadlines).length).toBeGreaterThan(1);
  const begun = beginProcess(undefined, beginning(), rules);
  const [event] = begun.kind === 'accepted' ? begun.events : [];
  expect(event && Object.keys(evolveProcess(before, event).deadlines)).toEqual([RECOVERY]);
});

it('a process begins only at a known authority', () =>
  expect(beginProcess(undefined, { ...beginning(), authority: undefined }, rules)).toMatchObject({
    refusal: 'unknown-authority',
    field: 'authority_id',
  }));
