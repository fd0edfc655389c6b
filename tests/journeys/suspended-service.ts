import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function suspendedService(world: () => World): void {
  it('the open offers of a service that loses its accreditation are withdrawn, and the next service is asked', async () => {
    const suspect = await openShelter(world(), { beds: 1 });
    const { referralId } = await request(world());
    const { offerId } = await untilOffered(world(), suspect);
    const next = await openShelter(world());
    const accreditor = await world().accreditors.as('accreditor');
    await call(
      world().directory,
      'suspend',
      { serviceId: suspect.serviceId, code: 'safety' },
      accreditor,
    );
    const late = call(
      world().referral,
      'acceptOffer',
      { offerId },
      await suspect.as('provider-staff'),
    );
    expect(refusalOf(await late.catch((error: unknown) => error))).toBe('offer-withdrawn');
    await untilOffered(world(), next);
    await eventually(async () => expect(await unitsIn(world(), suspect, 'held')).toBe(0));
    const { offers } = await readReferral(world(), referralId);
    expect(offers.map((one) => [one.organisationId, one.status])).toEqual([
      [suspect.id, 'withdrawn'],
      [next.id, 'open'],
    ]);
  });

  it('a confirmed place at a suspended service stays confirmed, and the coordinator gets an alert', async () => {
    const suspect = await openShelter(world(), { beds: 1 });
    const { referralId } = await request(world());
    const { offerId } = await untilOffered(world(), suspect);
    await call(world().referral, 'acceptOffer', { offerId }, await suspect.as('provider-staff'));
    await untilState(world(), referralId, 'awaiting-person');
    await call(
      world().directory,
      'suspend',
      { serviceId: suspect.serviceId, code: 'safety' },
      await world().accreditors.as('accreditor'),
    );
    const referral = await readReferral(world(), referralId);
    expect(referral.state).toBe('awaiting-person');
    expect(referral.timeline.map((entry) => entry.code)).toContain('service-suspended');
  });
}
