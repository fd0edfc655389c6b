import { randomUUID } from 'node:crypto';
import { Answer } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import type { Call, Transaction } from '@opennrm/runtime';
import { after, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../adapters/grpc/commands.ts';
import { type Asked, callOf, referralDatabase } from '../adapters/referral-database.fixture.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
let asked: Asked;
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  world = await referralDatabase();
  asked = await world.asks();
  const [alert] = (await world.stateOf(asked.referralId)).alerts;
  await world.onlyShelters(1);
  const offered = await world.asks();
  const [offer] = (await world.stateOf(offered.referralId)).offers;
  const { party } = await world.stateOf(asked.referralId);
  ids = {
    referralId: asked.referralId,
    offerId: offer?.offerId ?? '',
    alertId: alert?.alertId ?? '',
    memberId: party[0]?.memberId ?? '',
  };
});
afterAll(() => world.drop());

const unknown = { referralId: randomUUID(), offerId: randomUUID(), alertId: randomUUID(), memberId: randomUUID() };
const at = after(monday, minutes(1));
const later = (count: number) => new Date(after(monday, minutes(count)));
const wire = { ...need, medicalUrgency: '', funding: '', wishes: undefined };

/** A good request of every command on something that exists; a command that is not here fails the spec below. */
const requests: Readonly<Record<string, (named: typeof ids) => Record<string, unknown>>> = {
  amendNeed: ({ referralId }) => ({ referralId, need: wire }),
  withdrawReferral: ({ referralId }) => ({ referralId, memberId: '', code: 'own-wish' }),
  confirmEmergency: ({ referralId }) => ({ referralId }),
  acceptOffer: ({ offerId }) => ({ offerId }),
  declineOffer: ({ offerId }) => ({ offerId, code: 'full', noteId: '' }),
  recordAnswerByTelephone: ({ offerId }) => ({
    offerId,
    answer: Answer.YES,
    declineCode: '',
    spokeWith: pack.telephoneFunctions[0]?.code,
    numberFromDirectory: true,
    readBack: true,
    noteId: '',
  }),
  logCallAttempt: ({ offerId }) => ({ offerId, code: pack.callAttemptCodes[0]?.code }),
  getOfferProfile: ({ offerId }) => ({ offerId, purpose: 'accommodation' }),
  recordPersonAnswer: ({ referralId, memberId, offerId }) => ({
    referralId,
    memberId,
    offerId,
    answer: Answer.YES,
    code: '',
    childViewHeard: false,
  }),
  arrangeJourney: ({ referralId }) => ({
    referralId,
    escortId: randomUUID(),
    collectAt: later(60),
    arriveAt: later(90),
  }),
  recordCollected: ({ referralId }) => ({ referralId }),
  override: ({ referralId }) => ({
    referralId,
    action: 'end',
    code: pack.overrideCodes[0]?.code,
    serviceId: '',
  }),
  acknowledgeAlert: ({ alertId }) => ({ alertId }),
  resolveAlert: ({ alertId }) => ({ alertId }),
};

const all = commands(pack);
const onSomething = Object.keys(all).filter((name) => name !== 'requestReferral');

it('has a request for every command', () => expect(Object.keys(requests).sort()).toEqual(onSomething.sort()));

/** Nobody of another organisation: whatever role the token names, the country gives it to others. */
const strangers: readonly [string, () => Call][] = [
  'coordinator',
  'caseworker',
  'responder',
  'provider-staff',
  'escort',
  'accreditor',
].map((role) => [role, () => callOf(at, role, randomUUID())]);

describe.each(strangers)('a %s of another organisation', (_role, stranger) => {
  it.each(onSomething)('is answered by %s as if there were no such thing, and changes nothing', async (name) => {
    const before = await world.contents();
    const given = await sent(name, stranger());
    expect(given).toMatchObject({ kind: 'refused', refusal: 'not-found' });
    expect(given).toEqual(await sent(name, stranger(), unknown));
    expect(await world.contents()).toEqual(before);
  });
});

async function sent(name: string, call: Call, named = ids): Promise<unknown> {
  const rpc = all[name as keyof typeof all];
  if (rpc.kind !== 'unary') throw new Error(`${name} has more than one answer`);
  const checked = rpc.check((requests[name]?.(named) ?? {}) as never);
  if (!checked.ok) throw new Error(checked.problems.map(({ field, rule }) => `${name} ${field}: ${rule}`).join('; '));
  return world.inTurn((tx: Transaction) => checked.work(tx, call) as Promise<unknown>);
}
