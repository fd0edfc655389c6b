import { randomUUID } from 'node:crypto';
import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import {
  AccompaniedBy,
  ArrivalAge,
  type ArrivalListed,
  ArrivalServiceClient,
  HelpNeeded,
  type RegisterArrivalsRequest,
  type RegisterArrivalsResponse,
} from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { asAdmin } from '@opennrm/infra/local';
import { call, connect, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { eventually, type Organisation } from '../world.ts';
import { draftCase } from './cases.ts';
import type { TestCountry } from './country.ts';

const PEOPLE = 1_000;
const BAD = 617;
const CUT_AFTER = 400;

export function bulkArrivalPoorNetwork(country: () => TestCountry): void {
  it('registers a thousand people over a line that breaks, each once, and names the one record that is wrong', async () => {
    const { world } = country();
    const desk = world.organisation();
    const client = connect(ArrivalServiceClient, addressOf(country()));
    world.onJourneyEnd(async () => client.close());
    const people = arrivals(world.now());
    const cut = await send(client, desk, people, CUT_AFTER);
    expect(cut.length).toBeLessThan(PEOPLE);
    // The device does not know what came through: it sends all of it again, some of it twice.
    const answers = await send(client, desk, [...people, ...people.slice(0, 50)]);
    expect(answers).toHaveLength(PEOPLE + 50);
    expect(answers.filter((one) => one.refusal !== '')).toEqual([
      expect.objectContaining({ tokenId: people[BAD]?.tokenId, field: 'help_needed' }),
    ]);
    expect(answers.filter((one) => one.known).length).toBeGreaterThanOrEqual(cut.length + 49);
    const waiting = await listed(client, desk);
    expect(new Set(waiting.map((one) => one.tokenId)).size).toBe(PEOPLE - 1);
    expect(waiting).toHaveLength(PEOPLE - 1);
    const alone = waiting.map(
      ({ age, accompaniedBy: company }) =>
        age !== ArrivalAge.ADULT && company !== AccompaniedBy.FAMILY,
    );
    expect(alone.lastIndexOf(true)).toBe(alone.filter(Boolean).length - 1);
    // Among those who may be children alone, and among the others: who needs help now comes first.
    const urgency = (those: boolean) =>
      waiting.filter((_, nth) => alone[nth] === those).map((one) => one.helpNeeded);
    for (const those of [true, false])
      expect(urgency(those)).toEqual(urgency(those).toSorted((a, b) => a - b));
    const child = waiting.find((one) => one.linked.length > 0);
    expect(child?.linked).toHaveLength(1);
    await oneIsReferredAndTheOthersAreForgotten(country(), client, desk, waiting);
  });

  it('shows the people of a desk to nobody else', async () => {
    const { world, authority } = country();
    const client = connect(ArrivalServiceClient, addressOf(country()));
    world.onJourneyEnd(async () => client.close());
    await send(client, world.organisation(), arrivals(world.now()).slice(0, 3));
    expect(await listed(client, world.organisation())).toEqual([]);
    const asked = call(
      client,
      'listArrivals',
      { pageSize: 10, pageToken: '' },
      await authority.as('competent-authority'),
    );
    await expect(asked).rejects.toMatchObject({
      details: expect.stringContaining('role') as string,
    });
  });
}

const addressOf = ({ world }: TestCountry): string =>
  world.platform
    .service('identification-intake')
    .replicas.map((one) => one.grpcAddress)
    .join(',');

/** Synthetic: every seventh may be a child who is alone, two of a family have lost each other, and one record is wrong. */
function arrivals(now: number): RegisterArrivalsRequest[] {
  const family = randomUUID();
  return Array.from({ length: PEOPLE }, (_, nth) => ({
    tokenId: randomUUID(),
    helpNeeded:
      nth === BAD ? HelpNeeded.UNSPECIFIED : nth % 5 === 0 ? HelpNeeded.NOW : HelpNeeded.LATER,
    age: nth % 7 === 0 ? ArrivalAge.UNSURE : ArrivalAge.ADULT,
    accompaniedBy: nth % 7 === 0 ? AccompaniedBy.NOBODY : AccompaniedBy.FAMILY,
    groupId: nth === 7 || nth === 500 ? family : '',
    notedAt: new Date(now),
  }));
}

type ArrivalStream = ClientDuplexStream<RegisterArrivalsRequest, RegisterArrivalsResponse>;

/** Sends people and gathers the answers; with `cutAfter` the line breaks once so many were answered. */
async function send(
  client: ArrivalServiceClient,
  desk: Organisation,
  people: readonly RegisterArrivalsRequest[],
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<RegisterArrivalsResponse[]> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${(await desk.as('responder')).token}`);
  const stream: ArrivalStream = client.registerArrivals(metadata);
  const answers: RegisterArrivalsResponse[] = [];
  const over = new Promise<void>((resolve, reject) => {
    stream.on('data', (answer: RegisterArrivalsResponse) => {
      answers.push(answer);
      if (answers.length >= cutAfter) stream.cancel();
    });
    stream.on('end', resolve);
    stream.on('error', (error) => (answers.length >= cutAfter ? resolve() : reject(error)));
  });
  for (const one of people) stream.write(one);
  stream.end();
  await over;
  return answers;
}

async function listed(client: ArrivalServiceClient, desk: Organisation): Promise<ArrivalListed[]> {
  const all: ArrivalListed[] = [];
  for (let pageToken = '', more = true; more; more = pageToken !== '') {
    const page = await call(
      client,
      'listArrivals',
      { pageSize: 200, pageToken },
      await desk.as('responder'),
    );
    all.push(...page.arrivals);
    pageToken = page.nextPageToken;
  }
  return all;
}

async function oneIsReferredAndTheOthersAreForgotten(
  country: TestCountry,
  client: ArrivalServiceClient,
  desk: Organisation,
  [first]: readonly ArrivalListed[],
): Promise<void> {
  const { world } = country;
  const tokenId = first?.tokenId ?? '';
  const { caseReference } = await draftCase(country);
  const responder = await desk.as('responder');
  await call(client, 'referArrival', { tokenId, caseReference }, responder);
  const foreign = call(
    client,
    'referArrival',
    { tokenId, caseReference },
    await world.organisation().as('responder'),
  );
  expect(await foreign.then(() => 'accepted', refusalOf)).toBe('not-found');
  expect(await listed(client, desk)).toHaveLength(PEOPLE - 2);
  await world.advanceTime(hours(71));
  expect(await listed(client, desk)).toHaveLength(PEOPLE - 2);
  await world.advanceTime(hours(2));
  const { ownerUrl } = world.platform.service('identification-intake');
  const kept = (sql: string) =>
    asAdmin(ownerUrl, async (owner) => (await owner.query(sql, [desk.id])).rows);
  await eventually(async () => {
    expect(await kept('SELECT token_id FROM arrival WHERE owner_org = $1')).toEqual([
      { token_id: tokenId },
    ]);
  });
  // Nothing of a desk was ever told to anybody: no journal, and so no message, to a border system or another.
  expect(await kept('SELECT 1 FROM journal WHERE author_organisation = $1')).toEqual([]);
}
