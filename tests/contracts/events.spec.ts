import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { loadCountryPack } from '@opennrm/country/load';
import { type Subscription, typeOf } from '@opennrm/messaging';
import { describe, expect, it } from 'vitest';
import { everWritten, fieldsWithoutBytes, goldenOf } from './golden.ts';
import { everyTopic, samplesOf } from './language.ts';

const HOW = 'run `npm run golden` and commit the files that it writes';
const pack = await loadCountryPack('infra/countries/sample');

/** The subscriptions of a service: the exports of its `consumed.ts`. */
async function subscriptionsOf(service: string): Promise<Subscription[]> {
  const file = pathToFileURL(`services/${service}/src/inbound/consumed.ts`).href;
  const exported = Object.values(
    (await import(/* @vite-ignore */ file)) as Record<string, unknown>,
  );
  return exported.flatMap(
    (one) => (typeof one === 'function' ? one(pack) : one) as Subscription | Subscription[],
  );
}

const services = readdirSync('services');
const consumers = (
  await Promise.all(
    services.map(async (name) => (await subscriptionsOf(name)).map((from) => ({ name, from }))),
  )
).flat();

const events = everyTopic.flatMap((topic) =>
  samplesOf(topic).map((sample) => ({ topic, sample, title: `${topic.name} ${sample.$case}` })),
);
const written = everyTopic.flatMap((topic) =>
  everWritten(topic.name).flatMap(($case) =>
    goldenOf(topic.name, $case).map((golden) => ({
      topic,
      golden,
      title: `${golden.release} ${topic.name} ${$case}`,
    })),
  ),
);

/** Rows with their whole title: the report would shorten `$title`. */
const named = <Row extends { readonly title: string }>(rows: readonly Row[]) =>
  rows.map((row) => [row.title, row] as const);

describe('every event of the published language', () => {
  it.each(named(events))('%s has golden bytes for every field', (title, { topic, sample }) => {
    expect(
      goldenOf(topic.name, sample.$case).length,
      `${title} has no golden bytes: ${HOW}`,
    ).toBeGreaterThan(0);
    expect(
      fieldsWithoutBytes(topic.name, sample),
      `fields of ${title} without golden bytes: ${HOW}`,
    ).toEqual([]);
  });
});

describe('an event that a release wrote', () => {
  it.each(named(written))(
    '%s is still an event of its topic, under its type',
    (_, { topic, golden }) => {
      expect(samplesOf(topic).map(({ $case }) => typeOf(topic, $case))).toContain(golden.type);
      expect(golden.type).toBe(typeOf(topic, golden.event.$case));
    },
  );

  it.each(named(written))('%s is decoded to the same value today', (_, { topic, golden }) => {
    // Fields that were added later have their default; no field that the release wrote is lost.
    expect(topic.decode(golden.bytes)).toMatchObject(golden.event);
  });

  it.each(named(written))('%s is encoded to the same bytes today', (_, { topic, golden }) => {
    const read = topic.decode(golden.bytes)?.value;
    const complete = { $case: golden.event.$case, value: completed(read, golden.event.value) };
    expect(Buffer.from(topic.encode(complete)).toString('hex')).toBe(golden.bytes.toString('hex'));
  });

  it.each(named(written))(
    '%s is read by every service that subscribes to it',
    (_, { topic, golden }) => {
      const subscribed = consumers.filter(
        ({ from }) => from.topic === topic.name && from.declares(golden.type),
      );
      const unread = subscribed.filter(
        ({ from }) => from.read(golden.type, golden.bytes) === undefined,
      );
      expect(unread.map(({ name }) => name)).toEqual([]);
    },
  );
});

/** The event as it was written, with the defaults of fields that were added later. */
const completed = (read: unknown, form: unknown): unknown =>
  typeof read === 'object' && read !== null && !(read instanceof Date) && !Array.isArray(read)
    ? Object.fromEntries(
        Object.entries(read).map(([name, value]) => [
          name,
          completed(value, (form as Record<string, unknown>)?.[name]),
        ]),
      )
    : (form ?? read);

describe('an audience', () => {
  it.each(everyTopic.map((topic) => [topic.name, topic] as const))(
    'of %s subscribes to it and declares some of its events',
    (_, topic) => {
      const subscribed = consumers.filter(
        ({ name, from }) => name === topic.audience && from.topic === topic.name,
      );
      expect(subscribed).toHaveLength(1);
      const declared = samplesOf(topic).filter(({ $case }) =>
        subscribed[0]?.from.declares(typeOf(topic, $case)),
      );
      expect(declared.length).toBeGreaterThan(0);
    },
  );

  it('subscribes to no topic of another audience', () => {
    const own = consumers.filter(
      ({ name, from }) => everyTopic.find((one) => one.name === from.topic)?.audience === name,
    );
    expect(own).toHaveLength(consumers.length);
  });
});

it('a subscription returns nothing for bytes that it cannot read', () => {
  const [listener] = consumers.filter(
    ({ from }) => from.topic === 'opennrm.referral.shelter-capacity.v1',
  );
  const [golden] = goldenOf('opennrm.referral.shelter-capacity.v1', 'holdRequested');
  expect(
    listener?.from.read(golden?.type ?? '', golden?.bytes.subarray(0, -3) ?? Buffer.alloc(0)),
  ).toBeUndefined();
});
