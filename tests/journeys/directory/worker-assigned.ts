import { randomUUID } from 'node:crypto';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { request } from '../person.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from '../world.ts';
import { acceptAndAgree, caseloadOf, openService, placesOf, untilAgreed } from './declared.ts';

const need = 'psychosocial-support';

export function workerAssigned(world: () => World): void {
  it('a worker takes up a case after the organisation was reminded at half of the time; a worker with as many cases as allowed takes up no other before one is given to another worker', async () => {
    const centre = await openService(world(), need, caseloadOf(5, 1));
    const staff = await centre.as('provider-staff');
    const { referralId, holdId } = await untilAgreed(world(), centre, { need });
    await world().advanceTime(hours(2));
    await eventually(async () =>
      expect((await placesOf(world(), centre)).holds).toMatchObject([{ holdId, isReminded: true }]),
    );
    const [worker, other] = [randomUUID(), randomUUID()];
    const assign = (workerId: string, to = holdId) =>
      call(world().places, 'assignWorker', { holdId: to, workerId }, staff);
    expect(await assign(worker)).toEqual({ state: 'started' });
    expect(eventsOf(await readReferral(world(), referralId))).toContain('DeliveryReminded');

    const second = await untilAgreed(world(), centre, { need });
    const full = assign(worker, second.holdId);
    expect(refusalOf(await full.catch((error: unknown) => error))).toBe('caseload-full');
    await assign(other);
    expect(await assign(worker, second.holdId)).toEqual({ state: 'started' });
    const { holds } = await placesOf(world(), centre);
    expect(holds.map(({ workerId }) => workerId).sort()).toEqual([worker, other].sort());
  });

  it('where a centre names no worker in time, its place is free again and the next centre is asked', async () => {
    const silent = await openService(world(), need, caseloadOf(1));
    const person = await request(world(), { need });
    await acceptAndAgree(world(), silent, person);
    const next = await openService(world(), need, caseloadOf(1));
    await world().advanceTime(hours(4));
    await untilOffered(world(), next);
    expect((await placesOf(world(), silent)).free).toBe(1);
    expect(eventsOf(await untilState(world(), person.referralId, 'offered'))).toContain(
      'DeliveryNotArranged',
    );
  });
}
