import { randomUUID } from 'node:crypto';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from '../person.ts';
import { untilOffered, untilState, type World } from '../world.ts';
import { caseloadOf, openService, placesOf, untilAgreed } from './declared.ts';

const need = 'psychosocial-support';

export function caseloadFull(world: () => World): void {
  it('a centre with a full caseload is not asked; when a case ends, the person who waits is', async () => {
    const centre = await openService(world(), need, caseloadOf(1));
    const staff = await centre.as('provider-staff');
    const first = await untilAgreed(world(), centre, { need });
    await call(
      world().places,
      'assignWorker',
      { holdId: first.holdId, workerId: randomUUID() },
      staff,
    );
    expect((await placesOf(world(), centre)).free).toBe(0);

    const second = await request(world(), { need });
    const waiting = await untilState(world(), second.referralId, 'unplaced');
    expect(waiting.placeOfLastResort).toBe('');
    const unknown = { holdId: first.holdId, code: 'bored' };
    const refused = await call(world().places, 'endService', unknown, staff).catch(
      (error: unknown) => error,
    );
    expect(refusalOf(refused)).toBeUndefined();
    await call(world().places, 'endService', { ...unknown, code: 'completed' }, staff);
    await untilOffered(world(), centre);
    await untilState(world(), second.referralId, 'offered');
  });
}
