import { randomUUID } from 'node:crypto';
import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import {
  ArrivalAge,
  type ArrivalListed,
  ArrivalServiceClient,
  HelpNeeded,
  type RegisterArrivalsRequest,
  type RegisterArrivalsResponse,
  With,
} from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { asAdmin } from '@opennrm/infra/local';
import { call, connect, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { eventually, type Organisation } from '../world.ts';
import { type Country, drafted } from './country.ts';

const PEOPLE = 1_000;
const BAD = 617;
const CUT_AFTER = 400;

export function bulkArrivalPoorNetwork(country: () => Country): void {
  it('registers a thousand people over a line that breaks, each once, and names the one record that is wrong', async () => {
    const { world } = country();
    const desk = world.organisation();
    const client = connect(ArrivalServiceClient, addressOf(country()));
    world.afterwards(async () => client.close());
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
    const alone = waiting.map(({ age, with: company }) => age !== ArrivalAge.ADULT && company !== With.FAMILY);
    expect(alone.lastIndexOf(true)).toBe(alone.filter(Boolean).length - 1);
    const child = waiting.find((one) => one.linked.length > 0);
    expect(child?.linked).toHaveLength(1);
    await oneIsReferredAndTheOthersAreForgotten(country(), client, desk, waiting);
  });

  it('shows the people of a desk to nobody else', async () => {
    const { world, authority } = country();
    const client = connect(ArrivalServiceClient, addressOf(country()));
    world.afterwards(async () => client.close());
    await send(client, world.organisation(), arrivals(world.now()).slice(0, 3));
    expect(await listed(client, world.organisation())).toEqual([]);
    const asked = call(
      client,
      'listArrivals',
      { pageSize: 10, pageToken: '' },
      await authority.as('competent-authority'),
    );
    await expect(asked).rejects.toMatchObject({ details: expect.stringContaining('role') as string });
  });
}

const addressOf = ({ world }: Country): string =>
  world.platform.services['identification-intake'].replicas.map((one) => one.grpcAddress).join(',');

/** Synthetic: every seventh may be a child who is alone, two of a family have lost each other, and one record is wrong. */
function arrivals(now: number): RegisterArrivalsRequest[] {
  const family = randomUUID();
  return Array.from({ length: PEOPLE }, (_, nth) => ({
    tokenId: randomUUID(),
    helpNeeded: nth === BAD ? HelpNeeded.UNSPECIFIED : nth % 5 === 0 ? HelpNeeded.NOW : HelpNeeded.LATER,
    age: nth % 7 === 0 ? ArrivalAge.UNSURE : ArrivalAge.ADULT,
    with: nth % 7 === 0 ? With.NOBODY : With.FAMILY,
    groupId: nth === 7 || nth === 500 ? family : '',
    notedAt: new Date(now),
  }));
}

type Line = ClientDuplexStream<RegisterArrivalsRequest, RegisterArrivalsResponse>;

/** Sends people and gathers the answers; with `cutAfter` the line breaks once so many were answered. */
async function send(
  client: ArrivalServiceClient,
  desk: Organisation,
  people: readonly RegisterArrivalsRequest[],
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<RegisterArrivalsResponse[]> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${(await desk.as('responder')).token}`);
  const line: Line = client.registerArrivals(metadata);
  const answers: RegisterArrivalsResponse[] = [];
  const over = new Promise<void>((resolve, reject) => {
    line.on('data', (answer: RegisterArrivalsResponse) => {
      answers.push(answer);
      if (answers.length >= cutAfter) line.cancel();
    });
    line.on('end', resolve);
    line.on('error', (error) => (answers.length >= cutAfter ? resolve() : reject(error)));
  });
  for (const one of people) line.write(one);
  line.end();
  await over;
  return answers;
}

async function listed(client: ArrivalServiceClient, desk: Organisation): Promise<ArrivalListed[]> {
  const all: ArrivalListed[] = [];
  for (let pageToken = '', more = true; more; more = pageToken !== '') {
    const page = await call(client, 'listArrivals', { pageSize: 200, pageToken }, await desk.as('responder'));
    all.push(...page.arrivals);
    pageToken = page.nextPageToken;
  }
  return all;
}

async function oneIsReferredAndTheOthersAreForgotten(
  country: Country,
  client: ArrivalServiceClient,
  desk: Organisation,
  [first]: readonly ArrivalListed[],
): Promise<void> {
  const { world } = country;
  const tokenId = first?.tokenId ?? '';
  const { caseReference } = await drafted(country);
  const responder = await desk.as('responder');
  await call(client, 'referArrival', { tokenId, caseReference }, responder);
  const foreign = call(client, 'referArrival', { tokenId, caseReference }, await world.organisation().as('responder'));
  expect(await foreign.then(() => 'accepted', refusalOf)).toBe('not-found');
  expect(await listed(client, desk)).toHaveLength(PEOPLE - 2);
  await world.pass(hours(73));
  const { ownerUrl } = world.platform.services['identification-intake'];
  await eventually(async () => {
    const { rows } = await asAdmin(ownerUrl, (owner) =>
      owner.query('SELECT token_id FROM arrival WHERE owner_org = $1', [desk.id]),
    );
    expect(rows).toEqual([{ token_id: tokenId }]);
  });
}
