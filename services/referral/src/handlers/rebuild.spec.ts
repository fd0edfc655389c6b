import { randomUUID } from 'node:crypto';
import type { Received } from '@opennrm/messaging';
import { hours, after as later, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { callOf } from '../outbound/referral-database.fixture.ts';
import { accept as acceptCall } from './offers.ts';
import {
  again,
  age,
  basis,
  type FromVault,
  granted,
  registered,
  stream,
  vaultStreams,
  withdrawn,
} from './vault-streams.fixture.ts';

const { world, arrive, rebuild, isQuarantined, statuses, acknowledgements, heldAt, ask, treated } =
  vaultStreams();

describe('a rebuild', () => {
  it('treats a child of the vault as a child in a request that is made meanwhile, whatever the request states', async () => {
    for (const replayed of [0, 1, 2, 3]) {
      const reference = randomUUID();
      const all = stream(
        age(reference, 'no', later(monday, -hours(2))),
        age(reference, 'yes', later(monday, -hours(1))),
        registered(reference),
      );
      await arrive(all);
      await rebuild();
      await arrive(all.slice(0, replayed).map(again));
      const referralId = await ask(reference);
      expect([await treated(referralId), await statuses(referralId)]).toEqual([['yes'], []]);
    }
  });

  const twoReferences = async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const ofA = stream(registered(a), granted(a));
    const ofB = stream(registered(b, a), granted(b));
    await arrive(ofA);
    await arrive(ofB);
    const referralId = await ask(a);
    expect(await statuses(referralId)).toEqual(['holding', 'holding']);
    return { a, b, ofA, ofB, referralId };
  };

  it('does not withdraw the offers of one person who has two references, nor end with a doubt', async () => {
    const { ofA, ofB, referralId } = await twoReferences();
    const before = await world().stateOf(referralId);
    await rebuild();
    await arrive(ofA.map(again));
    await arrive(ofB.map(again));
    expect((await world().database.query('SELECT 1 FROM quarantine')).rows).toEqual([]);
    expect(await world().stateOf(referralId)).toEqual(before);
  });

  it('does not withdraw an offer of one person at a deadline that is due meanwhile', async () => {
    const reference = randomUUID();
    const all = stream(registered(reference), granted(reference));
    await arrive(all);
    const referralId = await ask(reference);
    await heldAt(referralId);
    await rebuild();
    await world().passDeadlines(referralId, later(monday, minutes(1)));
    await arrive(all.map(again), later(monday, minutes(2)));
    expect((await statuses(referralId))[0]).toBe('open');
  });

  it('does not withdraw the offer that a service accepts meanwhile', async () => {
    const reference = randomUUID();
    const all = stream(registered(reference), basis(reference));
    await arrive(all);
    const referralId = await ask(reference);
    await heldAt(referralId);
    await rebuild();
    const [first] = (await world().stateOf(referralId)).offers;
    const call = callOf(monday, 'provider', first?.organisationId);
    await world().inTransaction((tx) => acceptCall(tx, pack, first?.offerId ?? '', call));
    await arrive(all.map(again));
    expect((await statuses(referralId))[0]).not.toContain('withdrawn');
  });

  it('never treats an ended legal basis as valid again', async () => {
    const reference = randomUUID();
    const basisId = randomUUID();
    const all = stream(registered(reference), basis(reference, basisId), {
      $case: 'basisEnded',
      value: { caseReference: reference, basisId },
    });
    await arrive(all);
    const referralId = await ask(reference);
    expect([(await world().stateOf(referralId)).stage.name, await statuses(referralId)]).toEqual([
      'unplaced',
      [],
    ]);
    await rebuild();
    await arrive(all.slice(0, 2).map(again));
    await world().passDeadlines(referralId, later(monday, hours(1)));
    expect(await statuses(referralId)).toEqual([]);
  });

  it('never forgets a denial that counts now', async () => {
    const [only] = await world().setShelters(1);
    const [reference, denialId, permissionId] = [randomUUID(), randomUUID(), randomUUID()];
    const denies = (...organisationIds: string[]): FromVault => ({
      $case: 'denialRecorded',
      value: {
        caseReference: reference,
        denialId,
        purpose: 'accommodation',
        organisationIds,
        serviceClasses: [],
      },
    });
    const denied = only?.organisationId ?? '';
    // Denied, then permitted (the denial is repeated without the receiver), then withdrawn (the denial counts again).
    const all = stream(
      registered(reference),
      basis(reference),
      denies(denied),
      granted(reference, permissionId),
      denies(),
      withdrawn(reference, permissionId),
      denies(denied),
    );
    await arrive(all);
    const referralId = await ask(reference);
    expect(await statuses(referralId)).toEqual([]);
    await rebuild();
    await arrive(all.slice(0, 5).map(again));
    await world().passDeadlines(referralId, later(monday, hours(1)));
    expect(await statuses(referralId)).toEqual([]);
  });

  it('sends no alert about an age where the vault has recorded none, for a person with two references', async () => {
    const { ofA, ofB, referralId } = await twoReferences();
    await rebuild();
    await arrive(ofA.map(again));
    await arrive(ofB.map(again));
    expect((await world().stateOf(referralId)).alerts.map(({ code }) => code)).toEqual([]);
  });

  it('acknowledges a withdrawal that waited behind a gap before it', async () => {
    const [reference, permissionId] = [randomUUID(), randomUUID()];
    const [r1, r2, r3] = stream(
      granted(reference, permissionId),
      registered(reference),
      withdrawn(reference, permissionId),
    ) as [Received, Received, Received];
    await arrive([r1]);
    await arrive([r3]);
    expect(await acknowledgements(reference)).toBe(0);
    await rebuild();
    await arrive([r1, r2, r3].map(again));
    expect(await isQuarantined(reference)).toBe(false);
    expect(await acknowledgements(reference)).toBe(1);
  });

  it('acknowledges a withdrawal that was missing before it, with a later message waiting', async () => {
    const [reference, permissionId] = [randomUUID(), randomUUID()];
    const [r1, r2, r3] = stream(
      granted(reference, permissionId),
      withdrawn(reference, permissionId),
      registered(reference),
    ) as [Received, Received, Received];
    await arrive([r1]);
    await arrive([r3]);
    await rebuild();
    await arrive([r1, r2, r3].map(again));
    expect(await acknowledgements(reference)).toBe(1);
  });
});

it('a rebuild that first reads a registration finds that a person is referred twice', async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  const first = await ask(a);
  await ask(b);
  const [r1, r2, r3] = stream(age(b, 'no'), registered(b, a), granted(b)) as [
    Received,
    Received,
    Received,
  ];
  await arrive([r2, r3]); // the age is missing
  await rebuild();
  await arrive([r1, r2, r3].map(again));
  expect(await isQuarantined(b)).toBe(false);
  expect((await world().stateOf(first)).alerts.map(({ code }) => code)).toContain(
    'person-referred-twice',
  );
});
