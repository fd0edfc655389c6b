import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { loadCountryPack } from '@opennrm/country/load';
import { type Subscription, typeOf } from '@opennrm/messaging';
import { describe, expect, it } from 'vitest';
import { everWritten, fieldsWithoutBytes, goldenOf } from './golden.ts';
import { everyTopic, samplesOf } from './language.ts';

const HOW = 'run `npm run golden` and commit what it writes';
const pack = await loadCountryPack('infra/countries/sample');

/** What each service listens to, as its `consumed.ts` says. */
async function subscriptionsOf(service: string): Promise<Subscription[]> {
  const file = pathToFileURL(`services/${service}/src/inbound/consumed.ts`).href;
  const exported = Object.values(
    (await import(/* @vite-ignore */ file)) as Record<string, unknown>,
  );
  return exported.map((one) => (typeof one === 'function' ? one(pack) : one) as Subscription);
}

const services = readdirSync('services');
const consumers = (
  await Promise.all(
    services.map(async (name) => (await subscriptionsOf(name)).map((from) => ({ name, from }))),
  )
).flat();

const events = everyTopic.flatMap((topic) =>
  samplesOf(topic).map((sample) => ({ topic, sample, says: `${topic.name} ${sample.$case}` })),
);
const written = everyTopic.flatMap((topic) =>
  everWritten(topic.name).flatMap(($case) =>
    goldenOf(topic.name, $case).map((golden) => ({
      topic,
      golden,
      says: `${golden.release} ${topic.name} ${$case}`,
    })),
  ),
);

/** Rows under their whole name: `$says` would be cut short in the report. */
const named = <Row extends { readonly says: string }>(rows: readonly Row[]) =>
  rows.map((row) => [row.says, row] as const);

describe('every event of the published language', () => {
  it.each(named(events))(
    '%s has golden bytes, and every field of it',
    (says, { topic, sample }) => {
      expect(
        goldenOf(topic.name, sample.$case).length,
        `${says} has no golden bytes: ${HOW}`,
      ).toBeGreaterThan(0);
      expect(
        fieldsWithoutBytes(topic.name, sample),
        `fields of ${says} without golden bytes: ${HOW}`,
      ).toEqual([]);
    },
  );
});

describe('what a release wrote', () => {
  it.each(named(written))(
    '%s is still an event of its topic, under its type',
    (_, { topic, golden }) => {
      expect(samplesOf(topic).map(({ $case }) => typeOf(topic, $case))).toContain(golden.type);
      expect(golden.type).toBe(typeOf(topic, golden.event.$case));
    },
  );

  it.each(named(written))('%s is read to the same today', (_, { topic, golden }) => {
    // Fields that came later stand at their default; no field that the release wrote is lost.
    expect(topic.decode(golden.bytes)).toMatchObject(golden.event);
  });

  it.each(named(written))('%s is written in the same bytes today', (_, { topic, golden }) => {
    const read = topic.decode(golden.bytes)?.value;
    const complete = { $case: golden.event.$case, value: completed(read, golden.event.value) };
    expect(Buffer.from(topic.encode(complete)).toString('hex')).toBe(golden.bytes.toString('hex'));
  });

  it.each(named(written))(
    '%s is read by every service that listens to it',
    (_, { topic, golden }) => {
      const listening = consumers.filter(
        ({ from }) => from.topic === topic.name && from.declares(golden.type),
      );
      const unread = listening.filter(
        ({ from }) => from.read(golden.type, golden.bytes) === undefined,
      );
      expect(unread.map(({ name }) => name)).toEqual([]);
    },
  );
});

/** The form that was written, with the defaults of fields that came later. */
const completed = (read: unknown, form: unknown): unknown =>
  typeof read === 'object' && read !== null && !(read instanceof Date) && !Array.isArray(read)
    ? Object.fromEntries(
        Object.entries(read).map(([name, value]) => [
          name,
          completed(value, (form as Record<string, unknown>)?.[name]),
        ]),
      )
    : (form ?? read);

describe('every audience', () => {
  it.each(everyTopic.map((topic) => [topic.name, topic] as const))(
    'of %s listens to it',
    (_, topic) => {
      const listening = consumers.filter(
        ({ name, from }) => name === topic.audience && from.topic === topic.name,
      );
      expect(listening).toHaveLength(1);
      const heard = samplesOf(topic).filter(({ $case }) =>
        listening[0]?.from.declares(typeOf(topic, $case)),
      );
      expect(heard.length).toBeGreaterThan(0);
    },
  );

  it('listens to no topic that is for another', () => {
    const own = consumers.filter(
      ({ name, from }) => everyTopic.find((one) => one.name === from.topic)?.audience === name,
    );
    expect(own).toHaveLength(consumers.length);
  });
});

it('would notice bytes that a listener cannot read', () => {
  const [listener] = consumers.filter(
    ({ from }) => from.topic === 'opennrm.referral.shelter-capacity.v1',
  );
  const [golden] = goldenOf('opennrm.referral.shelter-capacity.v1', 'holdRequested');
  expect(
    listener?.from.read(golden?.type ?? '', golden?.bytes.subarray(0, -3) ?? Buffer.alloc(0)),
  ).toBeUndefined();
});
