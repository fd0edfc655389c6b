import { expect, it } from 'vitest';
import { answerByTelephone } from './answers.ts';
import { service } from './saga.fixture.ts';
import {
  offerIdOf,
  providerConfirms,
  providerHolds,
  requestScenario,
  when,
} from './scenario.fixture.ts';

it('a contracted service of the directory, which has no software, can object for safety by telephone', () => {
  const doctors = [0, 1].map(() => service('direct', { need: 'medical-care' }));
  const asked = requestScenario(doctors, { needCode: 'medical-care' });
  const placed = providerConfirms(providerHolds(asked));
  expect(placed.referral.stage.name).toBe('awaiting-person');
  const call = {
    providerAccepts: false,
    declineCode: 'safety-concern',
    spokeWith: 'a doctor',
    noteId: undefined,
    numberFromDirectory: true,
    readBack: true,
  };
  const objected = when(placed, (r, k) => answerByTelephone(r, offerIdOf(placed), call, k));
  expect(objected.outcome).toBeUndefined();
  expect(objected.types).toContain('UnitLost');
});
