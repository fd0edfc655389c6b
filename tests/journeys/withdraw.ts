import { call } from '@opennrm/runtime';
import type { World } from './world.ts';

/** The person does not want the referral any more. */
export async function withdraw(world: World, referralId: string, memberId = ''): Promise<void> {
  await call(
    world.referral,
    'withdrawReferral',
    { referralId, memberId, code: 'own-wish' },
    await world.responders.as('caseworker'),
  );
}
