import { loadCountryPack } from '@opennrm/country/load';
import { inRepository } from '@opennrm/infra/local';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { type Person, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilState, type World } from './world.ts';

const REQUESTS = 200;
const AT_ONCE = 20;
const REGION = 'islands';

export function quotaOfEmergencies(world: () => World): void {
  /** Sends all requests with one token. */
  async function asksWithOneToken(): Promise<Person[]> {
    const from = world().organisation();
    const left = Array.from({ length: REQUESTS }, (_, nth) => nth);
    const asked: Person[] = [];
    const worker = async (): Promise<void> => {
      while (left.pop() !== undefined) asked.push(await request(world(), { from, region: REGION }));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return asked;
  }

  const waitingForDesk = async (people: readonly Person[]): Promise<string[]> => {
    const referrals = await Promise.all(
      people.map(({ referralId }) => readReferral(world(), referralId)),
    );
    return referrals
      .filter(({ state }) => state === 'waiting-for-desk')
      .map(({ referralId }) => referralId);
  };

  it('a stolen token can hold only as many beds as the quota: others still get a bed, and the desk confirms the requests that it knows', async () => {
    const { perPerson } = (await loadCountryPack(inRepository('infra/countries/sample')))
      .emergencyQuota;
    const shelter = await openShelter(world(), { beds: perPerson + 2, region: REGION });
    const waiting = await waitingForDesk(await asksWithOneToken());
    expect(waiting).toHaveLength(REQUESTS - perPerson);
    await eventually(async () => expect(await unitsIn(world(), shelter, 'held')).toBe(perPerson));

    const coordinator = await world().coordinators.as('coordinator');
    const page = { pageSize: 200, pageToken: '', includeResolved: false };
    const { alerts } = await call(world().referral, 'listAlerts', page, coordinator);
    const alerted = alerts
      .filter(({ code }) => code === 'emergency-unconfirmed')
      .map(({ referralId }) => referralId);
    expect(alerted).toEqual(expect.arrayContaining(waiting));

    const other = await request(world(), { from: world().organisation(), region: REGION });
    await untilState(world(), other.referralId, 'offered');
    await eventually(async () =>
      expect(await unitsIn(world(), shelter, 'held')).toBe(perPerson + 1),
    );

    const [referralId = '', unknown = ''] = waiting;
    const stranger = await world().organisation().as('coordinator');
    await expect(
      call(world().referral, 'confirmEmergency', { referralId }, stranger),
    ).rejects.toSatisfy((error) => refusalOf(error) === 'not-found');
    await call(world().referral, 'confirmEmergency', { referralId }, coordinator);
    await acceptAndConfirm(referralId, await shelter.as('provider-staff'));
    expect(await unitsIn(world(), shelter, 'confirmed')).toBe(1);

    const before = await readReferral(world(), unknown);
    const [offer] = before.offers;
    expect([before.offers.length, offer?.status, before.nextStepBy]).toEqual([
      1,
      'open',
      expect.any(Date),
    ]);
  }, 180_000);

  /** The provider accepts its open offer, and the place is confirmed. */
  async function acceptAndConfirm(
    referralId: string,
    staff: { readonly token: string },
  ): Promise<void> {
    const { offers } = await untilState(world(), referralId, 'offered');
    await call(world().referral, 'acceptOffer', { offerId: offers[0]?.offerId ?? '' }, staff);
    await untilState(world(), referralId, 'awaiting-person');
  }
}
