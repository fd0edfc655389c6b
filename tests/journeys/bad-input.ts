import { randomUUID } from 'node:crypto';
import { Metadata, makeGenericClientConstructor, type ServiceError, status } from '@grpc/grpc-js';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { rows } from './state.ts';
import { withdraw } from './withdraw.ts';
import { untilOffered, untilState, type World } from './world.ts';

const failureOf = async (work: Promise<unknown>): Promise<ServiceError> => {
  const error = await work.then(
    () => undefined,
    (reason: ServiceError) => reason,
  );
  if (!error) throw new Error('the call was not refused');
  return error;
};

export function badInput(world: () => World): void {
  const fields = () => ({
    referralId: randomUUID(),
    urgency: Urgency.EMERGENCY,
    basis: 'vital-interest',
    foundTogetherId: '',
    replacesReferralId: '',
    party: [
      { memberId: randomUUID(), caseReference: randomUUID(), underEighteen: UnderEighteen.NO },
    ],
    need: {
      need: 'safe-accommodation',
      group: 'women',
      region: 'harbour',
      whereNow: 'police',
      excludedRegions: [],
      languages: [],
      accessibility: [],
      care: [],
      risks: [],
      medicalUrgency: '',
      funding: '',
      wishes: undefined,
    },
  });
  const asked = async (change: object): Promise<ServiceError> =>
    failureOf(
      call(
        world().referral,
        'requestReferral',
        { ...fields(), ...change },
        await world().responders.as('responder'),
      ),
    );

  it('a refusal of a wrong field names the field and the rule, and never the value that was sent', async () => {
    const secret = 'Quirxel-Invented';
    const cases: [object, string][] = [
      [{ referralId: secret }, 'referral_id: must be a UUID'],
      [{ urgency: 17 }, 'urgency: must be one of emergency, urgent, planned'],
      [{ basis: secret }, 'basis: must be a legal basis of the country pack'],
      [{ party: [] }, 'party: must name at least one person'],
      [
        { need: { ...fields().need, group: secret } },
        'need.group: must be a group of the country pack',
      ],
      [
        { need: { ...fields().need, languages: ['x'.repeat(5_000)] } },
        'need.languages[0]: must be a language of the country pack',
      ],
      [{ need: undefined }, 'need: must be given'],
    ];
    for (const [change, rule] of cases) {
      const error = await asked(change);
      expect([error.code, error.details]).toEqual([status.INVALID_ARGUMENT, rule]);
      expect(error.message).not.toContain(secret);
    }
  });

  it('a request whose basis does not suffice alone is refused, and no service is asked', async () => {
    expect(refusalOf(await asked({ urgency: Urgency.PLANNED }))).toBe('basis-not-enough');
  });

  it('a call is refused when its bytes are not the declared message, and when the message is too large', async () => {
    const method = ReferralServiceService.requestReferral;
    const Raw = makeGenericClientConstructor(
      { send: { ...method, requestSerialize: (bytes: Buffer) => bytes } },
      'raw',
    );
    const raw = new Raw(
      world().platform.service('referral').grpcAddress,
      (await import('@grpc/grpc-js')).credentials.createInsecure(),
    );
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${(await world().responders.as('responder')).token}`);
    metadata.set('idempotency-key', randomUUID());
    const send = (bytes: Buffer): Promise<unknown> =>
      new Promise((resolve, reject) =>
        (
          raw as unknown as {
            send(
              value: Buffer,
              metadata: Metadata,
              done: (error: unknown, answer: unknown) => void,
            ): void;
          }
        ).send(bytes, metadata, (error, answer) => (error ? reject(error) : resolve(answer))),
      );
    expect((await failureOf(send(Buffer.from([0xff, 0xff, 0xff, 0x01])))).code).toBe(
      status.INVALID_ARGUMENT,
    );
    expect((await failureOf(send(Buffer.alloc(200_000)))).code).toBe(status.RESOURCE_EXHAUSTED);
    raw.close();
  });

  it('a command that is sent twice with the same key gets the same answer, and the same key with different fields is refused', async () => {
    const responder = await world().responders.as('responder');
    const sent = fields();
    const options = { ...responder, key: randomUUID() };
    const first = await call(world().referral, 'requestReferral', sent, options);
    expect(await call(world().referral, 'requestReferral', sent, options)).toEqual(first);
    const other = await failureOf(
      call(world().referral, 'requestReferral', { ...sent, urgency: Urgency.URGENT }, options),
    );
    expect([other.code, refusalOf(other)]).toEqual([status.ALREADY_EXISTS, 'key-reused']);
    expect(
      await rows(
        world(),
        'referral',
        `SELECT 1 FROM journal WHERE aggregate_id = $1 AND type = 'ReferralRequested'`,
        [sent.referralId],
      ),
    ).toHaveLength(1);
    await withdraw(world(), sent.referralId);
  });

  it('a referral or an offer is not found for an organisation that may not see it, and is refused to a wrong role', async () => {
    const shelter = await openShelter(world());
    const { referralId } = await request(world());
    const { offerId } = await untilOffered(world(), shelter);
    const stranger = world().organisation();
    const foreign = await failureOf(
      call(world().referral, 'getReferral', { referralId }, await stranger.as('caseworker')),
    );
    expect([foreign.code, refusalOf(foreign)]).toEqual([status.NOT_FOUND, 'not-found']);
    const unknown = await failureOf(
      call(
        world().referral,
        'getReferral',
        { referralId: randomUUID() },
        await stranger.as('caseworker'),
      ),
    );
    expect(unknown.details).toBe(foreign.details);
    const accepting = await failureOf(
      call(world().referral, 'acceptOffer', { offerId }, await stranger.as('provider-staff')),
    );
    expect(accepting.code).toBe(status.NOT_FOUND);
    const role = await failureOf(
      call(world().referral, 'acceptOffer', { offerId }, await shelter.as('escort')),
    );
    expect(role.code).toBe(status.PERMISSION_DENIED);
    const nobody = await failureOf(
      call(world().referral, 'getReferral', { referralId }, { token: 'not.a.token' }),
    );
    expect(nobody.code).toBe(status.UNAUTHENTICATED);
  });

  it('a command that the state does not allow is refused with the reason, and changes nothing', async () => {
    const shelter = await openShelter(world());
    const staff = await shelter.as('provider-staff');
    const { referralId } = await request(world());
    const { offerId } = await untilOffered(world(), shelter);
    const caseworker = await world().responders.as('caseworker');
    const past = {
      referralId,
      escortId: randomUUID(),
      collectAt: new Date('1970-01-01'),
      arriveAt: new Date('9999-01-01'),
    };
    const absurd = await failureOf(call(world().referral, 'arrangeJourney', past, caseworker));
    expect(absurd.details).toBe(
      'collect_at: must be between the years 2000 and 2100; arrive_at: must be between the years 2000 and 2100',
    );
    const soon = { ...past, collectAt: new Date(world().now()), arriveAt: new Date(world().now()) };
    const early = await failureOf(call(world().referral, 'arrangeJourney', soon, caseworker));
    expect([early.code, refusalOf(early)]).toEqual([status.FAILED_PRECONDITION, 'not-placed']);
    await call(world().referral, 'declineOffer', { offerId, code: 'full', noteId: '' }, staff);
    const twice = await failureOf(call(world().referral, 'acceptOffer', { offerId }, staff));
    expect(refusalOf(twice)).toBe('already-declined');
    await untilState(world(), referralId, 'unplaced');
  });

  it('a text that is too long is refused before it is stored in the vault', async () => {
    const long = {
      caseId: randomUUID(),
      section: 'story',
      corrects: '',
      content: 'x'.repeat(16_001),
    };
    const error = await failureOf(
      call(world().vault, 'writeSection', long, await world().responders.as('caseworker')),
    );
    expect([error.code, error.details]).toEqual([
      status.INVALID_ARGUMENT,
      'content: must be at most 16000 characters',
    ]);
  });
}
