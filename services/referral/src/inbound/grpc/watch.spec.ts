import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { monday } from '../../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../../outbound/referral-database.fixture.ts';
import { watch } from './watch.ts';

const organisation = randomUUID();
const provider = callOf(monday, 'provider-staff', organisation).actor;
const parent = randomUUID();

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeEach(async () => {
  world = await referralDatabase();
  await world.database.query(
    `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     VALUES ($1, $2, 1, 1, '{}', 'unplaced', 0, 0, 'safe-accommodation', 'women', 1, '{}')`,
    [parent, organisation],
  );
});
afterEach(() => world.drop());

const view = {
  unitKind: 'bed',
  places: 1,
  urgency: 'urgent',
  asked: 1,
  reminded: 0,
  acceptance: 'by-offer',
};

it('the stream of open offers starts with all open offers, oldest first, also where they are more than a page', async () => {
  const { rows } = await world.database.query<{ id: string; at: number }>(
    `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, view)
     SELECT gen_random_uuid(), $1, $2, $2, 'open', true, 1, n % 7, $3 FROM generate_series(1, 450) AS n
     RETURNING offer_id AS id, made_at AS at`,
    [parent, organisation, view],
  );
  const { watchOpenOffers } = watch(world.database);
  if (watchOpenOffers.kind !== 'stream') throw new Error('an rpc with many answers');
  const checked = watchOpenOffers.check({});
  if (!checked.ok) throw new Error('refused');
  const [leaving, sent] = [new AbortController(), [] as string[]];
  const send = async ({
    changed,
  }: {
    readonly changed?: readonly { readonly offerId?: string }[];
  }) => {
    for (const { offerId = '' } of changed ?? []) sent.push(offerId);
    leaving.abort();
  };
  await checked.work({ actor: provider, at: monday, rpc: 'spec' }, send, leaving.signal);
  const sorted = rows.toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
  expect(sent).toEqual(sorted.map(({ id }) => id));
});

it('an open offer without the time at which it was made cannot be stored, because no list would contain it', async () => {
  const add = (isOpen: boolean) =>
    world.database.query(
      `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, view)
       VALUES ($1, $2, $3, $3, 'holding', $4, 1, $5)`,
      [randomUUID(), parent, organisation, isOpen, view],
    );
  expect((await add(false)).rowCount).toBe(1);
  await expect(add(true)).rejects.toThrow('offer_open_was_made');
});
