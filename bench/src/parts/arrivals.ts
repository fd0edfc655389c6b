import { randomUUID } from 'node:crypto';
import {
  AccompaniedBy,
  ArrivalAge,
  HelpNeeded,
  type RegisterArrivalsRequest,
} from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import pg from 'pg';
import {
  metadataOf,
  type SamplePlatform,
  startSamplePlatform,
} from '../platform/sample-platform.ts';
import type { Bench } from './part.ts';

const PEOPLE = 1_000;
const DAY_MS = 86_400_000;

/**
 * Registers a thousand people over one stream: each record is answered and durable. Then sends the same records again, and then writes
 * only their rows.
 */
export async function measureArrivals({
  options,
  servers,
  measurements,
  printLine,
}: Bench): Promise<void> {
  const people = options.quick ? PEOPLE : 5 * PEOPLE;
  const samplePlatform = await startSamplePlatform(servers, printLine);
  try {
    const organisation = randomUUID();
    await register(samplePlatform, randomUUID(), arrivals(200));
    const boat = arrivals(people);
    const [first, again] = [
      await register(samplePlatform, organisation, boat),
      await register(samplePlatform, organisation, boat),
    ];
    const bare = await bareInserts(
      samplePlatform.platform.service('identification-intake').ownerUrl,
      people,
    );
    measurements.add({
      part: 'arrivals',
      what: 'people registered over one stream',
      value: first,
      unit: '/s',
      // The aim: a port must be able to register a thousand people in ten minutes.
      aim: { side: 'at least', limit: 1_000 / 600 },
    });
    measurements.add({ part: 'arrivals', what: 'the same sent again', value: again, unit: '/s' });
    measurements.add({
      part: 'arrivals',
      what: 'their rows alone, one transaction each',
      value: bare,
      unit: '/s',
    });
    measurements.add({
      part: 'arrivals',
      what: 'registered / rows alone',
      value: first / bare,
      unit: '×',
    });
    printLine(
      `arrivals: ${Math.round(first)}/s, again ${Math.round(again)}/s; bare ${Math.round(bare)}/s`,
    );
  } finally {
    await samplePlatform.stop();
  }
}

const arrivals = (count: number): RegisterArrivalsRequest[] =>
  Array.from({ length: count }, () => ({
    tokenId: randomUUID(),
    helpNeeded: HelpNeeded.LATER,
    age: ArrivalAge.ADULT,
    accompaniedBy: AccompaniedBy.FAMILY,
    groupId: '',
    notedAt: new Date(),
  }));

/** @returns people per second, from the first record to the last answer. */
async function register(
  samplePlatform: SamplePlatform,
  desk: string,
  people: readonly RegisterArrivalsRequest[],
): Promise<number> {
  const line = samplePlatform.arrivals.registerArrivals(
    await metadataOf(samplePlatform, desk, 'responder'),
  );
  let answered = 0;
  const over = new Promise<void>((resolve, reject) => {
    line.on('data', () => answered++);
    line.on('end', resolve);
    line.on('error', reject);
  });
  const began = performance.now();
  for (const one of people) line.write(one);
  line.end();
  await over;
  if (answered !== people.length)
    throw new Error(`${answered} of ${people.length} arrivals were answered`);
  return people.length / ((performance.now() - began) / 1_000);
}

async function bareInserts(ownerUrl: string, count: number): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const desk = randomUUID();
  const began = performance.now();
  for (let nth = 0; nth < count; nth++)
    await client.query({
      name: 'arrival',
      text: `INSERT INTO arrival (token_id, owner_org, help_needed, age, accompanied_by, at, keep_until) VALUES ($1, $2, 2, 'adult', 'family', $3, $4)`,
      values: [randomUUID(), desk, Date.now(), Date.now() + 3 * DAY_MS],
    });
  const perSecond = count / ((performance.now() - began) / 1_000);
  await client.end();
  return perSecond;
}
