import { randomUUID } from 'node:crypto';
import type { Received } from '@opennrm/messaging';
import { days, after as later } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { acceptOffer } from '../domain/answers.ts';
import { unitConfirmed } from '../domain/confirming.ts';
import type { CaseReference, MemberId, OrganisationId, ReferralId } from '../domain/need.ts';
import { override } from '../domain/override.ts';
import { amendNeed } from '../domain/request.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';
import { callOf } from '../outbound/referral-database.fixture.ts';
import { request } from './requests.ts';
import {
  again,
  age,
  basis,
  granted,
  registered,
  stream,
  vaultStreams,
} from './vault-streams.fixture.ts';

const { world, arrive, skip, rebuild, isQuarantined, treated, statuses, heldAt, ask } =
  vaultStreams();

describe('while a message of the vault is unread and a referral is live', () => {
  /** The age (1) does not arrive; the registration (2) does. */
  const gap = async () => {
    const reference = randomUUID();
    const referralId = await ask(reference);
    const [, second] = stream(age(reference, 'yes'), registered(reference));
    await arrive([second as Received]);
    expect(await isQuarantined(reference)).toBe(true);
    return { reference, referralId };
  };

  it('no offer of a service for adults is made after that', async () => {
    const { referralId } = await gap();
    await heldAt(referralId);
    expect(await statuses(referralId)).not.toContain('open');
  });

  it('no place at a service for adults is confirmed after that', async () => {
    const reference = randomUUID();
    const referralId = await ask(reference);
    await heldAt(referralId);
    const [, second] = stream(age(reference, 'yes'), registered(reference));
    await arrive([second as Received]);
    const [first] = (await world().stateOf(referralId)).offers;
    await world().applyDecision(referralId, monday, (r, k) =>
      acceptOffer(r, first?.offerId ?? '', k),
    );
    await world().applyDecision(referralId, monday, (r, k) =>
      unitConfirmed(r, first?.offerId ?? '', k),
    );
    expect((await world().stateOf(referralId)).stage.name).not.toBe('awaiting-person');
  });

  it('a coordinator asks no service for adults by name, and an amended need asks none', async () => {
    const { referralId } = await gap();
    const [more] = await world().setShelters(4);
    await world().applyDecision(referralId, monday, (r, k) =>
      override(
        r,
        { action: 'ask-service', code: 'local-knowledge', serviceId: more?.serviceId },
        k,
      ),
    );
    await world().applyDecision(referralId, monday, (r, k) => amendNeed(r, need, k));
    const { offers } = await world().stateOf(referralId);
    expect(offers.filter(({ status }) => status === 'holding')).toEqual([]);
  });
});

describe('where the newest age is known under another reference of the person', () => {
  it('an offer to a service for adults is not made', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const referralId = await ask(a);
    // The stream of A is late; the stream of B, registered for the same person, is read.
    await arrive(stream(age(b, 'yes'), registered(b, a)));
    await heldAt(referralId);
    expect([await treated(referralId), await statuses(referralId)]).toEqual([
      ['yes'],
      ['withdrawn AGE', 'withdrawn AGE'],
    ]);
  });

  it('a later age under B withdraws the offers under A', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const referralId = await ask(a);
    await arrive(stream(registered(a)));
    const [first, second] = stream(registered(b, a), age(b, 'yes'));
    await arrive([first as Received]);
    await arrive([second as Received]);
    expect(await treated(referralId)).toEqual(['yes']);
  });
});

describe('a doubt about the age ends', () => {
  it('when the unread message of another reference is read', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await arrive(stream(registered(a)));
    const [b1, b2, b3] = stream(
      registered(b, a),
      age(b, 'no', later(monday, -days(1))),
      basis(b),
    ) as [Received, Received, Received];
    await arrive([b1]);
    await arrive([b3]); // a gap under B
    const referralId = await ask(a);
    expect(await treated(referralId)).toEqual(['unsure']);
    await arrive([b2]);
    expect(await isQuarantined(b)).toBe(false);
    expect(await treated(referralId)).toEqual(['no']);
  });

  it('when the last waiting message is the announcement of a birthday', async () => {
    const reference = randomUUID();
    const [r1, r2, r3] = stream(
      registered(reference),
      age(reference, 'no', later(monday, -days(1))),
      age(reference, '', monday, 'comes-of-age-soon'),
    ) as [Received, Received, Received];
    await arrive([r1]);
    await arrive([r3]);
    const referralId = await ask(reference);
    expect(await treated(referralId)).toEqual(['unsure']);
    await arrive([r2]);
    expect([await isQuarantined(reference), await treated(referralId)]).toEqual([false, ['no']]);
  });

  it('when an operator gives up the last message', async () => {
    const reference = randomUUID();
    const [r1, , r3] = stream(
      registered(reference),
      age(reference, 'no'),
      registered(reference),
    ) as [Received, Received, Received];
    await arrive([r1]);
    const broken = {
      ...r3,
      headers: { ...r3.headers, ce_sequence: '2' },
      value: new Uint8Array([255]),
    };
    await arrive([broken]);
    expect(await isQuarantined(reference)).toBe(true);
    const referralId = await ask(reference);
    expect(await treated(referralId)).toEqual(['unsure']);
    await skip(reference);
    expect([await isQuarantined(reference), await treated(referralId)]).toEqual([false, ['no']]);
  });

  it('when an operator ends a rebuild that cannot be completed, also in the live referral', async () => {
    const reference = randomUUID();
    const [r1, r2] = stream(
      registered(reference),
      age(reference, 'no', later(monday, -days(1))),
    ) as [Received, Received];
    await arrive([r1, r2]);
    await rebuild();
    await arrive([again(r1)]);
    const referralId = await ask(reference);
    await skip(reference);
    expect([await isQuarantined(reference), await treated(referralId)]).toEqual([false, ['no']]);
  });
});

it('the referral of a person with a permission is not refused where the last waiting message has a type of a newer version', async () => {
  const reference = randomUUID();
  const [r1, r2, r3] = stream(registered(reference), granted(reference), registered(reference)) as [
    Received,
    Received,
    Received,
  ];
  await arrive([r1]);
  await arrive([
    { ...r3, headers: { ...r3.headers, ce_type: 'opennrm.case_vault.v1.NewInNextVersion' } },
  ]);
  const call = callOf(monday);
  const referralId = randomUUID() as string as ReferralId;
  const member = {
    memberId: randomUUID() as string as MemberId,
    caseReference: reference as string as CaseReference,
  };
  const asked = {
    referralId,
    requestedBy: call.actor.person,
    need,
    urgency: 'urgent' as const,
    ownerOrg: call.actor.organisation as OrganisationId,
    basis: undefined,
    foundTogether: undefined,
    party: [{ ...member, underEighteen: 'no' as const }],
  };
  await world().inTransaction((tx) => request(tx, pack, asked, call));
  await arrive([r2]);
  expect(await isQuarantined(reference)).toBe(false);
  await world().passDeadlines(referralId, later(monday, days(2)));
  expect((await world().stateOf(referralId)).stage.name).not.toBe('refused');
});
