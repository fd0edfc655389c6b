import { after, hours, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { appointmentAgreed } from '../../domain/appointment.ts';
import { service } from '../../domain/saga.fixture.ts';
import { awaitingPerson, offerIdOf, personAnswers, when } from '../../domain/scenario.fixture.ts';
import { referralView } from './views.ts';

it('the requester of a referral reads the time of the agreed appointment, so that they can tell the person', () => {
  const doctors = [0, 1].map(() => service('by-offer', { need: 'medical-care' }));
  const agreed = personAnswers(awaitingPerson(doctors, { needCode: 'medical-care' }), true);
  const at = after(agreed.now, hours(30) + minutes(7));
  const { referral } = when(agreed, (r, k) => appointmentAgreed(r, offerIdOf(agreed), at, k));
  const view = JSON.stringify(referralView(referral, [], []));
  expect(view).toContain(new Date(at).toISOString());
});
