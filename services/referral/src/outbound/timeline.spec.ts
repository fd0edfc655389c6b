import type { Call } from '@opennrm/runtime';
import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SearchDecision } from '../domain/events.ts';
import { unitHeld } from '../domain/offering.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import * as offers from '../handlers/offers.ts';
import * as requests from '../handlers/requests.ts';
import { callOf, referralDatabase } from './referral-database.fixture.ts';
import { decisionOf, TIMELINE_ENTRIES, timelineOf } from './timeline.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(1));

const at = (minute: number): Instant => after(monday, minutes(minute));

/** A referral that was asked, held, read, declined by the shelter, and then withdrawn by the person. */
async function declined() {
  const { referralId, call } = await world.requestEmergency();
  const [offer] = (await world.stateOf(referralId)).offers;
  if (!offer) throw new Error('no service was asked');
  const { offerId, organisationId } = offer;
  await world.applyDecision(referralId, at(1), (referral, knowledge) =>
    unitHeld(referral, offerId, knowledge),
  );
  const shelter: Call = callOf(at(2), 'provider-staff', organisationId);
  await world.inTransaction((tx) =>
    offers.profile(tx, pack, offerId, 'accommodation', shelter, () => undefined),
  );
  await world.inTransaction((tx) =>
    offers.decline(tx, pack, offerId, { code: 'full', noteId: undefined }, shelter),
  );
  const wish = { memberId: undefined, code: 'own-wish' };
  await world.inTransaction((tx) =>
    requests.withdraw(tx, pack, referralId, wish, { ...call, at: at(5) }),
  );
  return { referralId, call, shelter, offerId };
}

const timeline = (referralId: string) => world.inTransaction((tx) => timelineOf(tx, referralId));

describe('the timeline of a referral', () => {
  it('lists what happened, when, and in which role, the newest first', async () => {
    const { referralId } = await declined();
    const shown = (await timeline(referralId)).map(({ at: when, type, author_role: by }) => [
      when,
      type,
      by,
    ]);
    expect(shown).toEqual([
      [at(5), 'ReferralWithdrawn', 'caseworker'],
      [at(2), 'AlertRaised', 'provider-staff'],
      [at(2), 'ReferralUnplaced', 'provider-staff'],
      [at(2), 'OfferDeclined', 'provider-staff'],
      [at(2), 'ProfileRead', 'provider-staff'],
      [at(1), 'OfferMade', 'system'],
      [at(0), 'ServiceAsked', 'caseworker'],
      [at(0), 'ReferralRequested', 'caseworker'],
    ]);
  });

  it('names the basis of the request, the offer and the code', async () => {
    const { referralId, offerId } = await declined();
    const entries = await timeline(referralId);
    expect(entries.map(({ basis }) => basis)).toEqual([
      ...Array(6).fill(null),
      'vital-interest',
      'vital-interest',
    ]);
    expect(entries.find(({ type }) => type === 'OfferDeclined')?.data).toMatchObject({
      offerId,
      code: 'full',
    });
    expect(entries.find(({ type }) => type === 'ReferralWithdrawn')?.data).toMatchObject({
      code: 'own-wish',
    });
  });

  it('lists only the entries of this referral', async () => {
    const [one, two] = [await declined(), await world.requestEmergency()];
    expect((await timeline(two.referralId)).at(-1)?.data).toMatchObject({
      referralId: two.referralId,
    });
    expect(await timeline(one.referralId)).toHaveLength(8);
  });

  it('lists only the newest entries where there are too many', async () => {
    const { referralId } = await world.requestEmergency();
    await world.database.query(
      `INSERT INTO journal (id, aggregate, aggregate_id, version, type, at, author_organisation, author_role, data)
       SELECT gen_random_uuid(), 'referral', $1, 2 + nth, 'OfferReminded', $2::bigint + nth, $1, 'system', '{}'
       FROM generate_series(1, $3::int) AS nth`,
      [referralId, at(1), TIMELINE_ENTRIES],
    );
    const shown = (await timeline(referralId)).map((entry) => entry.at);
    expect(shown).toEqual(
      Array.from({ length: TIMELINE_ENTRIES }, (_, nth) => at(1) + TIMELINE_ENTRIES - nth),
    );
  });
});

interface Line {
  version: number;
  type: string;
  person: string | null;
  organisation: string;
  rules: string;
}

describe('the journal of a referral', () => {
  const journal = async (referralId: string) =>
    (
      await world.database.query<Line>(
        `SELECT version, type, author_person AS person, author_organisation AS organisation, rule_version AS rules
         FROM journal WHERE aggregate = 'referral' AND aggregate_id = $1 AND topic IS NULL ORDER BY position`,
        [referralId],
      )
    ).rows;

  it('names the actor and the version of the rules in every line', async () => {
    const { referralId, call, shelter } = await declined();
    const lines = await journal(referralId);
    expect(lines.map(({ rules }) => rules)).toEqual(lines.map(() => pack.id));
    const by = (type: string) => lines.find((line) => line.type === type);
    const { person, organisation } = call.actor;
    expect(by('ReferralRequested')).toMatchObject({ person, organisation });
    expect(by('OfferMade')).toMatchObject({
      person: null,
      organisation: '00000000-0000-0000-0000-000000000000',
    });
    expect(by('OfferDeclined')).toMatchObject({
      person: shelter.actor.person,
      organisation: shelter.actor.organisation,
    });
  });

  it('gives the events of one decision one version, and the next change the next version', async () => {
    const { referralId } = await declined();
    const versions = (await journal(referralId)).map(({ version }) => version);
    expect(versions).toEqual([1, 1, 1, 2, 3, 4, 4, 4, 4, 5]);
  });

  it('keeps each search with its candidates, by number, and returns the latest by default', async () => {
    const { referralId } = await declined();
    const search = (nth: number) =>
      world.inTransaction((tx) => decisionOf<SearchDecision>(tx, referralId, nth));
    const [first, second, latest] = [await search(1), await search(2), await search(0)];
    expect(first).toMatchObject({
      rule_version: pack.id,
      data: { search: 1, candidates: [{ asked: true, failed: [] }] },
    });
    expect(second?.data.candidates).toMatchObject([
      { asked: false, failed: ['DECLINED_RECENTLY'] },
    ]);
    expect(latest).toEqual(second);
    expect(await search(3)).toBeUndefined();
  });

  it('keeps a search of 600 services in at most 4 KB', async () => {
    await world.setShelters(600);
    const { referralId } = await world.requestEmergency();
    const { rows } = await world.database.query<{ stored: number; checked: number }>(
      `SELECT pg_column_size(data) AS stored,
         jsonb_array_length(data->'candidates') + (data->'others'->>'count')::int AS checked
       FROM journal WHERE aggregate_id = $1 AND type = 'SearchDecided'`,
      [referralId],
    );
    expect(rows[0]?.checked).toBe(600);
    expect(rows[0]?.stored).toBeLessThanOrEqual(4_096);
  });

  it('can never be changed, not even by the service itself', async () => {
    const { referralId } = await declined();
    const changes = ["UPDATE journal SET type = 'Other'", 'DELETE FROM journal'];
    for (const change of changes)
      await expect(
        world.database.query(`${change} WHERE aggregate_id = $1`, [referralId]),
      ).rejects.toThrow(/permission denied|insert-only/);
    expect(await timeline(referralId)).toHaveLength(8);
  });
});
