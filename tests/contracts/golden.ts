import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { typeOf } from '@opennrm/messaging';
import type { AnyEvent } from './language.ts';

export const GOLDEN = 'tests/contracts/golden';

/** The bytes of an event as a release wrote them. They must stay readable as long as a journal has them. */
export interface Golden {
  readonly release: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly event: AnyEvent;
}

interface Stored {
  readonly type: string;
  readonly hex: string;
  readonly event: unknown;
}

/** Releases that have golden bytes, the oldest first. */
export const releases = (): string[] =>
  readdirSync(GOLDEN).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));

export const fileOf = (release: string, topic: string, $case: string): string =>
  join(GOLDEN, release, topic, `${$case}.json`);

/** The golden bytes of an event in every release that has them, the oldest first. */
export const goldenOf = (topic: string, $case: string): Golden[] =>
  releases().flatMap((release) => {
    const file = fileOf(release, topic, $case);
    if (!existsSync(file)) return [];
    const { type, hex, event } = JSON.parse(readFileSync(file, 'utf8')) as Stored;
    return [
      { release, type, bytes: Buffer.from(hex, 'hex'), event: withMoments(event) as AnyEvent },
    ];
  });

/** Every event that any release wrote on a topic, by the names of the files. */
export const everWritten = (topic: string): string[] => [
  ...new Set(
    releases().flatMap((release) => {
      const folder = join(GOLDEN, release, topic);
      return existsSync(folder)
        ? readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
        : [];
    }),
  ),
];

/** Writes the golden bytes of an event for a release. */
export function writeGolden(
  release: string,
  topic: { readonly name: string; readonly package: string; encode(event: AnyEvent): Uint8Array },
  event: AnyEvent,
): void {
  const hex = Buffer.from(topic.encode(event)).toString('hex');
  const type = typeOf(topic, event.$case);
  writeJson(fileOf(release, topic.name, event.$case), { type, hex, event: withoutDates(event) });
}

export function writeJson(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** A time is `{ "moment": "2026-…Z" }` in a golden file, so that it differs from a text. */
function withoutDates(value: unknown): unknown {
  if (value instanceof Date) return { moment: value.toISOString() };
  return mapped(value, withoutDates);
}

function withMoments(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'moment' in value)
    return new Date(String(value.moment));
  return mapped(value, withMoments);
}

function mapped(value: unknown, each: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(each);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, each(inner)]));
}

/** The names of all fields of an event, nested ones by their path. */
export function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => fieldsOf(one, `${path}[]`)))];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [path];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, `${path}.${name}`));
}

/** Fields of the current event for which no release has bytes. */
export function fieldsWithoutBytes(topic: string, now: AnyEvent): string[] {
  const written = new Set(goldenOf(topic, now.$case).flatMap(({ event }) => fieldsOf(event)));
  return fieldsOf(now).filter((field) => !written.has(field));
}
