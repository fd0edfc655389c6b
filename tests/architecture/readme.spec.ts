import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { topics } from '@opennrm/contracts/topics';
import { expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const scripts = (
  JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
).scripts;

it('the diagram of the README has every topic between its owner and its audience, and no other topic', () => {
  const drawn = [...readme.matchAll(/^ {2}([a-z-]+) -->\|(\S+)\| ([a-z-]+)$/gm)].map(
    ([, owner, name, audience]) => ({
      owner,
      name,
      audience,
    }),
  );
  const real = Object.values(topics).map(({ owner, name, audience }) => ({
    owner,
    name,
    audience,
  }));
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }): number =>
    (a.name ?? '') < (b.name ?? '') ? -1 : 1;
  expect(drawn.sort(byName)).toEqual(real.sort(byName));
});

it('the diagram of the README has every service', () => {
  for (const service of readdirSync('services'))
    expect(readme).toMatch(new RegExp(`^ {2}${service}\\["`, 'm'));
});

it.each(['README.md', 'CONTRIBUTING.md', 'docs/operations.md'])(
  'every command that %s names exists',
  (file) => {
    const named = [...readFileSync(file, 'utf8').matchAll(/npm (?:run )?([a-z]+)/g)].map(
      ([, name]) => name ?? '',
    );
    const known = [...Object.keys(scripts), 'ci', 'run', 'install'];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  },
);

it.each([
  'README.md',
  ...readdirSync('services').flatMap((service) => [
    `services/${service}/README.md`,
    `services/${service}/REFERENCE.md`,
  ]),
])('every link of %s has an existing target', (file) => {
  const links = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
    ([, target]) => target ?? '',
  );
  expect(links.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([]);
});

it.each(readdirSync('services'))(
  'the README of %s has a section for what it decides, announces, listens to and refuses',
  (service) => {
    const text = readFileSync(`services/${service}/README.md`, 'utf8');
    for (const heading of ['## Decides', '## Announces', '## Listens to', '## Refuses'])
      expect(text).toContain(heading);
  },
);

it.each(readdirSync('services'))('the README of %s has at most 300 words', (service) => {
  const words = readFileSync(`services/${service}/README.md`, 'utf8')
    .split(/\s+/)
    .filter((word) => /\w/.test(word));
  expect(words.length).toBeLessThanOrEqual(300);
});
