import { after, hours, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { appointmentAgreed } from './appointment.ts';
import { override } from './override.ts';
import { pack, service } from './saga.fixture.ts';
import {
  alertsOf,
  awaitingPerson,
  journeyArranged,
  minutesPass,
  offerIdOf,
  personAnswers,
  type Scenario,
  statuses,
  when,
} from './scenario.fixture.ts';
import { didNotStart, serviceStarted } from './service-started.ts';
import { withdrawReferral } from './withdrawal.ts';

const doctors = Array.from({ length: 4 }, () => service('by-offer', { need: 'medical-care' }));
const { agreeAppointmentMs } = pack.urgencies.emergency;
const AGREED_WITHIN = agreeAppointmentMs / minutes(1);

const agreed = (): Scenario =>
  personAnswers(awaitingPerson(doctors, { needCode: 'medical-care' }), true);
const withAppointment = (scenario: Scenario, inMinutes = 120, nth = 0): Scenario =>
  when(scenario, (r, k) =>
    appointmentAgreed(r, offerIdOf(scenario, nth), after(k.now, minutes(inMinutes)), k),
  );
const missed = (scenario: Scenario, code = 'ill', nth = 0): Scenario =>
  when(scenario, (r, k) => didNotStart(r, offerIdOf(scenario, nth), code, k));
const kept = (scenario: Scenario, nth = 0): Scenario =>
  when(scenario, (r, k) => serviceStarted(r, offerIdOf(scenario, nth), k.now, k));

describe('a need with appointments', () => {
  it('waits for an appointment after the person agreed, and knows no journey', () => {
    const waiting = agreed();
    expect(waiting.referral.stage).toMatchObject({ name: 'agreed', missed: 0 });
    expect(journeyArranged(waiting).outcome).toBe('no-journey');
    expect(minutesPass(waiting, AGREED_WITHIN - 1).outcome).toBe('nothing-due');
  });

  it('asks the next service where no appointment is agreed in time', () => {
    const late = minutesPass(agreed(), AGREED_WITHIN);
    expect(late.types).toEqual([
      'DeliveryNotArranged',
      'AlertRaised',
      'SearchDecided',
      'ServiceAsked',
      'ServiceAsked',
    ]);
    expect(alertsOf(late)).toEqual(['appointment-not-agreed']);
    expect(late.referral.offers[0]).toMatchObject({ status: 'lost', hasHold: false });
    const asked = late.referral.offers.slice(2).map(({ serviceId }) => serviceId);
    expect(asked).not.toContain(late.referral.offers[0]?.serviceId);
  });

  it('stays as urgent as it was where the service agrees no appointment', () => {
    const waiting = agreed();
    const planned = { ...waiting, referral: { ...waiting.referral, urgency: 'planned' as const } };
    expect(minutesPass(planned, AGREED_WITHIN).referral.urgency).toBe('planned');
  });

  it('starts when the person comes, at any time', () => {
    expect(kept(withAppointment(agreed())).referral.stage.name).toBe('started');
    expect(kept(agreed()).types).toEqual(['ServiceStarted']);
    const late = minutesPass(withAppointment(agreed()), 120 + 60);
    expect(late.types).toContain('AppointmentMissed');
    expect(kept(late).referral.stage.name).toBe('started');
  });

  it('takes a new time instead of the earlier one, and every later deadline follows it', () => {
    const moved = withAppointment(withAppointment(agreed(), 60), 600);
    expect(moved.types).toEqual(['AppointmentAgreed']);
    expect(minutesPass(moved, 599 + 60).outcome).toBe('nothing-due');
    expect(minutesPass(moved, 600 + 60).types).toContain('AppointmentMissed');
  });

  it('asks why and agrees a new appointment once after one was missed, with the same service', () => {
    const once = missed(withAppointment(agreed()));
    expect(once.types).toEqual(['AppointmentMissed', 'AlertRaised']);
    expect(alertsOf(once)).toEqual(['appointment-missed']);
    expect(once.referral.stage).toMatchObject({ name: 'agreed', missed: 1 });
    expect(statuses(once)[0]).toBe('confirmed');
    const again = withAppointment(once);
    expect(alertsOf(again)).toEqual([]);
    expect(kept(again).referral.stage.name).toBe('started');
  });

  it('asks the next service where no appointment is agreed after the first that was missed', () => {
    const late = minutesPass(missed(withAppointment(agreed())), AGREED_WITHIN);
    expect(late.types).toContain('DeliveryNotArranged');
  });

  it('alerts the coordinator after the second missed appointment, and then waits for them', () => {
    const twice = missed(withAppointment(missed(withAppointment(agreed()))));
    expect(alertsOf(twice)).toEqual(['appointments-missed']);
    const later = minutesPass(twice, AGREED_WITHIN);
    expect(later.types).toContain('WaitExtended');
    expect(later.types).not.toContain('DeliveryNotArranged');
    expect(later.referral.stage).toMatchObject({ name: 'agreed', missed: 2 });
    const anew = { action: 'restart-search', code: 'other', serviceId: undefined } as const;
    expect(when(later, (r, k) => override(r, anew, k)).referral.stage.name).toBe('searching');
    expect(kept(withAppointment(later)).referral.stage.name).toBe('started');
  });

  it('ignores an appointment before the person agreed, after the end, of another offer, and a missed one that was never agreed', () => {
    const asked = awaitingPerson(doctors, { needCode: 'medical-care' });
    expect(withAppointment(asked).outcome).toBe('no-appointment-expected');
    expect(withAppointment(agreed(), 60, 1).outcome).toBe('not-the-current-offer');
    expect(missed(agreed()).outcome).toBe('no-appointment');
    expect(missed(asked).outcome).toBe('not-expected');
    const withdrawn = when(withAppointment(agreed()), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(withAppointment(withdrawn).outcome).toBe('no-appointment-expected');
    expect(missed(withdrawn).outcome).toBe('not-expected');
    expect(alertsOf(kept(withdrawn))).toEqual(['started-after-end']);
  });

  it('is not expected where the person reaches the service by a journey', () => {
    const bed = personAnswers(
      awaitingPerson(doctors.map((one) => ({ ...one, need: 'safe-accommodation' }))),
      true,
    );
    expect(withAppointment(bed).outcome).toBe('no-appointment-expected');
  });

  it('counts from the time of the appointment until it may be recorded as missed', () => {
    const { referral } = withAppointment(agreed(), 30);
    const { stage } = referral;
    expect(stage.name === 'appointment' && stage.until - stage.at).toBe(hours(1));
  });
});
