import { randomUUID } from 'node:crypto';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monday, need, pack } from '../../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../../outbound/referral-database.fixture.ts';
import { commands } from './commands.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

const { requestReferral } = commands(pack);
const wire = { ...need, medicalUrgency: '', funding: '', wishes: undefined };
const member = (memberId: string, caseReference: string) => ({
  memberId,
  caseReference,
  underEighteen: UnderEighteen.NO,
});

async function asks(
  party: readonly ReturnType<typeof member>[],
  referralId: string = randomUUID(),
) {
  if (requestReferral.kind !== 'unary') throw new Error('an rpc with one answer');
  const request = {
    referralId,
    urgency: Urgency.EMERGENCY,
    basis: 'vital-interest',
    foundTogetherId: '',
    replacesReferralId: '',
  };
  const checked = requestReferral.check({ ...request, need: wire as never, party: [...party] });
  if (!checked.ok)
    throw new Error(checked.problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '));
  return world.inTransaction((tx) => checked.work(tx, callOf(monday)));
}

it('a party that names one person twice is refused, also where the second reference is in capitals', async () => {
  const reference = randomUUID();
  const party = [member(randomUUID(), reference), member(randomUUID(), reference.toUpperCase())];
  expect(await asks(party)).toMatchObject({ refusal: 'duplicate-member', field: 'party' });
  const memberId = randomUUID();
  const members = [member(memberId, randomUUID()), member(memberId.toUpperCase(), randomUUID())];
  expect(await asks(members)).toMatchObject({ refusal: 'duplicate-member', field: 'party' });
});

it('a referral is stored under its id in small letters, so that the same id in capitals is taken', async () => {
  const referralId = randomUUID();
  expect(await asks([member(randomUUID(), randomUUID())], referralId.toUpperCase())).toMatchObject({
    kind: 'answer',
  });
  expect((await world.stateOf(referralId)).referralId).toBe(referralId);
  expect(await asks([member(randomUUID(), randomUUID())], referralId)).toMatchObject({
    refusal: 'already-exists',
  });
});
