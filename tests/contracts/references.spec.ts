import { describe, expect, it } from 'vitest';
import { type AnyEvent, everyTopic, samplesOf } from './language.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Path = readonly (string | number)[];

/** The paths of all references in a decoded event. */
function referencesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return UUID.test(value) ? [path] : [];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, content]) => referencesIn(content, [...path, name]));
}

/** The event with one of its references spelled differently. */
function respelled(event: AnyEvent, path: Path, spell: (id: string) => string): AnyEvent {
  const copy = structuredClone(event) as unknown as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce((at, name) => at[name] as typeof copy, copy);
  holder[last] = spell(String(holder[last]));
  return copy as unknown as AnyEvent;
}

const rows = everyTopic.flatMap((topic) =>
  samplesOf(topic).flatMap((sample) =>
    referencesIn(sample).map((path) => ({
      topic,
      sample,
      path,
      title: `${sample.$case} ${path.join('.')}`,
    })),
  ),
);

describe('a reference in an event', () => {
  it('occurs in more than fifty fields', () => expect(rows.length).toBeGreaterThan(50));

  it.each(rows.map((row) => [row.title, row] as const))(
    '%s is accepted in lower case only: another spelling would be another key for its reader',
    (_title, { topic, sample, path }) => {
      expect(topic.decode(topic.encode(sample))).toEqual(sample);
      // Each sample id is a hash and contains a letter.
      const capitals = respelled(sample, path, (id) =>
        id.replace(/[a-f]/, (letter) => letter.toUpperCase()),
      );
      expect(() => topic.decode(topic.encode(capitals))).toThrow(
        /must be a UUID in small letters$/,
      );
      const word = respelled(sample, path, () => 'somebody');
      expect(() => topic.decode(topic.encode(word))).toThrow(
        /^(?!.*somebody).*must be a UUID in small letters$/,
      );
    },
  );
});
