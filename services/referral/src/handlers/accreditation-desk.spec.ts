import { randomUUID } from 'node:crypto';
import type { Call } from '@opennrm/runtime';
import { after, hours } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../domain/matching/service.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { accreditService, suspendService } from './directory.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
let shelter: Service;
beforeAll(async () => {
  world = await referralDatabase();
  shelter = (await world.setShelters(1))[0] as Service;
});
afterAll(() => world.drop());

const code = pack.suspensionCodes[0]?.code ?? '';
const accredits = (call: Call, serviceId: string = shelter.serviceId) =>
  world.inTransaction((tx) =>
    accreditService(
      tx,
      pack,
      { serviceId, until: after(monday, hours(99)), unlessDeclared: false },
      call,
    ),
  );
const suspends = (call: Call) =>
  world.inTransaction((tx) => suspendService(tx, pack, shelter.serviceId, code, call));

describe.each(pack.roles.map((role) => [role.code]))(
  'a %s of an organisation without the accreditation desk',
  (role) => {
    it.each([
      ['another organisation', () => randomUUID()],
      ['the organisation of the service', () => shelter.organisationId as string],
    ])('changes nothing as a member of %s', async (_whose, organisation) => {
      const before = await world.contents();
      for (const act of [accredits, suspends])
        expect(await act(callOf(monday, role, organisation()))).toMatchObject({
          kind: 'refused',
          refusal: 'desk-not-held',
          field: 'service_id',
        });
      expect(await world.contents()).toEqual(before);
    });
  },
);

it('the accreditation desk accredits and suspends a service, and is refused where there is no such service', async () => {
  const desk = callOf(monday, 'accreditor');
  expect(await suspends(desk)).toMatchObject({
    kind: 'answer',
    response: { accreditation: 'suspended' },
  });
  expect(await accredits(desk)).toMatchObject({
    kind: 'answer',
    response: { accreditation: 'accredited' },
  });
  expect(await accredits(desk, randomUUID())).toMatchObject({
    kind: 'refused',
    refusal: 'not-found',
  });
});
