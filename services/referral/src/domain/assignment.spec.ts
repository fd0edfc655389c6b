import { minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { appointmentAgreed } from './appointment.ts';
import { nextDeadline } from './deadlines.ts';
import { pack, service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  minutesPass,
  offerIdOf,
  personAnswers,
  type Scenario,
  when,
} from './scenario.fixture.ts';
import { didNotStart, serviceStarted } from './service-started.ts';

const centres = Array.from({ length: 4 }, () =>
  service('by-offer', { need: 'psychosocial-support' }),
);
const ASSIGNED_WITHIN = pack.urgencies.emergency.assignWorkerMs / minutes(1);
const agreed = (): Scenario =>
  personAnswers(awaitingPerson(centres, { needCode: 'psychosocial-support' }), true);

describe('a need that a named worker takes up', () => {
  it('reminds the organisation when half of the time is over, once', () => {
    const waiting = agreed();
    expect(nextDeadline(waiting.referral)?.kind).toBe('delivery-reminder');
    expect(minutesPass(waiting, ASSIGNED_WITHIN / 2 - 1).outcome).toBe('nothing-due');
    const reminded = minutesPass(waiting, ASSIGNED_WITHIN / 2);
    expect(reminded.types).toEqual(['DeliveryReminded']);
    expect(nextDeadline(reminded.referral)?.kind).toBe('worker-assignment');
    expect(minutesPass(reminded, 1).outcome).toBe('nothing-due');
  });

  it('asks the next service where no worker has taken it up in time', () => {
    const late = minutesPass(agreed(), ASSIGNED_WITHIN);
    expect(late.types.slice(0, 3)).toEqual([
      'DeliveryReminded',
      'DeliveryNotArranged',
      'AlertRaised',
    ]);
    expect(alertsOf(late)).toEqual(['worker-not-assigned']);
    expect(late.types).toContain('ServiceAsked');
    expect(late.referral.offers[0]).toMatchObject({ status: 'lost', hasHold: false });
  });

  it('starts when a worker takes it up, also after the service was too late', () => {
    const starts = (scenario: Scenario) =>
      when(scenario, (r, k) => serviceStarted(r, offerIdOf(scenario), k.now, k));
    expect(starts(agreed()).referral.stage.name).toBe('started');
    const late = starts(minutesPass(agreed(), ASSIGNED_WITHIN));
    expect(late.types.slice(0, 2)).toEqual(['UnitTakenUp', 'ServiceStarted']);
    expect(late.referral.offers.filter(({ hasHold }) => hasHold)).toHaveLength(1);
  });

  it('knows no appointment, and nothing that the person could miss', () => {
    const waiting = agreed();
    const id = offerIdOf(waiting);
    expect(when(waiting, (r, k) => appointmentAgreed(r, id, k.now, k)).outcome).toBe(
      'no-appointment-expected',
    );
    expect(when(waiting, (r, k) => didNotStart(r, id, 'ill', k)).outcome).toBe('not-expected');
  });
});
