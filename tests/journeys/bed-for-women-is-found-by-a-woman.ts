import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { type Person, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { readReferral, untilOffered, untilState, type World } from './world.ts';

const MEN = 50;
/** Each organisation asks for fewer than its quota of emergencies. */
const OF_ONE_ORGANISATION = 10;

export function bedForWomenIsFoundByAWoman(world: () => World): void {
  it('a bed for women that is free again is offered to the woman who waits behind fifty men', async () => {
    const shelter = await openShelter(world(), { beds: 1, groups: ['women'] });
    const first = await request(world());
    await untilOffered(world(), shelter);
    const men = await waiting(world(), MEN, 'men');
    const [woman] = await waiting(world(), 1, 'women');
    await end(world(), first);
    expect((await untilOffered(world(), shelter)).offerId).toBe((await offersOf(world(), woman))[0]?.offerId);
    for (const man of men) expect(await offersOf(world(), man)).toEqual([]);
  });
}

/** So many people, asked for one after the other, for whom nobody is left to ask. */
async function waiting(world: World, people: number, group: string): Promise<Person[]> {
  const asked: Person[] = [];
  for (let nth = 0, from = world.organisation(); nth < people; nth++) {
    if (nth % OF_ONE_ORGANISATION === 0) from = world.organisation();
    asked.push(await request(world, { group, from }));
  }
  for (const { referralId } of asked) await untilState(world, referralId, 'unplaced');
  return asked;
}

async function end(world: World, { referralId }: Person): Promise<void> {
  const asked = { referralId, action: 'end', code: 'entered-in-error', serviceId: '' };
  await call(world.referral, 'override', asked, await world.coordinators.as('coordinator'));
}

const offersOf = async (world: World, person: Person | undefined) =>
  (await readReferral(world, person?.referralId ?? '')).offers;
