import { randomUUID } from 'node:crypto';
import type { RegisterServiceRequest } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type { Answer, Call, Rpc } from '@opennrm/runtime';
import { after, hours, type Instant } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monday, pack, service } from '../../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../../outbound/referral-database.fixture.ts';
import { directoryRpcs } from './directory.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

const calls = directoryRpcs(pack);
const nextDay = after(monday, hours(24));
const year = after(monday, hours(24 * 365));
const UNTIL = '2026-12-31';

async function answered<Request, Response>(
  rpc: Rpc<Request, Response>,
  request: Request,
  call: Call,
): Promise<Answer<Response>> {
  if (rpc.kind !== 'unary') throw new Error('an rpc with one answer');
  const checked = rpc.check(request);
  if (!checked.ok)
    throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  return world.inTransaction((tx) => checked.work(tx, call));
}

/** An organisation registers itself and a service that is open on Mondays. */
async function registered(): Promise<{ organisationId: string; serviceId: string }> {
  const organisationId = randomUUID();
  const serviceId = randomUUID();
  const staff = callOf(monday, 'provider-staff', organisationId);
  const { need, region, criteria, acceptance } = service('by-offer');
  const entry: RegisterServiceRequest = {
    serviceId,
    organisationId,
    need,
    region,
    criteria: criteria as never,
    acceptance,
    openHours: [{ weekday: 1, opens: '08:00', closes: '18:00' }],
    nightCover: false,
    openOnHolidays: false,
    promisedAnswerMinutes: 60,
  };
  await answered(calls.registerOrganisation, { organisationId, kind: 'non-governmental' }, staff);
  expect(await answered(calls.registerService, entry, staff)).toMatchObject({ kind: 'answer' });
  return { organisationId, serviceId };
}

const accreditor = (at: Instant = nextDay): Call => callOf(at, 'accreditor');

async function read(serviceId: string, call: Call) {
  const given = await answered(calls.getService, { serviceId }, call);
  if (given.kind !== 'answer') throw new Error(given.refusal);
  return given.response.service;
}

describe('an entry of the directory', () => {
  it('is read with everything that was registered', async () => {
    const { serviceId, organisationId } = await registered();
    expect(await read(serviceId, callOf(nextDay, 'provider-staff', organisationId))).toMatchObject({
      openHours: [{ weekday: 1, opens: '08:00', closes: '18:00' }],
      promisedAnswerMinutes: 60,
      accreditation: 'applied',
      registeredAt: new Date(monday),
      accreditationChangedAt: undefined,
    });
  });

  it('shows the times of registration and accreditation only to its organisation and to the accreditation desk', async () => {
    const { serviceId, organisationId } = await registered();
    await answered(calls.accredit, { serviceId, until: UNTIL }, accreditor());
    const times = { registeredAt: new Date(monday), accreditationChangedAt: new Date(nextDay) };
    for (const call of [accreditor(), callOf(nextDay, 'provider-staff', organisationId)])
      expect(await read(serviceId, call)).toMatchObject(times);
    const strangers = ['coordinator', 'caseworker', 'provider-staff', 'accreditor'];
    for (const role of strangers)
      expect(await read(serviceId, callOf(nextDay, role, randomUUID()))).toMatchObject({
        registeredAt: undefined,
        accreditationChangedAt: undefined,
      });
  });

  it('with an accreditation that has ended shows the state `ended`', async () => {
    const { serviceId } = await registered();
    await answered(calls.accredit, { serviceId, until: UNTIL }, accreditor());
    expect(await read(serviceId, accreditor())).toMatchObject({ accreditation: 'accredited' });
    expect(await read(serviceId, accreditor(year))).toMatchObject({ accreditation: 'ended' });
  });
});

describe('an accreditation with `unless_declared`', () => {
  const first = (serviceId: string, call = accreditor()) =>
    answered(calls.accredit, { serviceId, until: '2027-12-31', unlessDeclared: true }, call);
  const refused = { kind: 'refused', refusal: 'accredited-before', field: 'service_id' };

  it('is given to a service that was never accredited', async () => {
    const { serviceId } = await registered();
    expect(await first(serviceId)).toMatchObject({ response: { accreditation: 'accredited' } });
  });

  it('reverts no suspension and no end', async () => {
    const { serviceId } = await registered();
    await answered(calls.accredit, { serviceId, until: UNTIL }, accreditor());
    expect(await first(serviceId, accreditor(year))).toEqual(refused);
    await answered(calls.suspend, { serviceId, code: 'safety' }, accreditor());
    expect(await first(serviceId)).toEqual(refused);
    expect(await read(serviceId, accreditor())).toMatchObject({ accreditation: 'suspended' });
  });
});
