import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const glossary = readFileSync('docs/glossary.md', 'utf8');
const services = readdirSync('services');
const sourcesOf = (service: string): string =>
  globSync(`services/${service}/src/**/*.ts`)
    .filter((file) => !/\.(spec|fixture)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

/** The events that a service writes into its journal: `type: 'OfferMade'`. */
const eventsIn = (text: string): string[] => found(text, /\btype: '([A-Z][A-Za-z]+)'/g);
/** The refusals of a service: `refuse('offer-closed', …)`. */
const refusalsIn = (text: string): string[] => found(text, /\brefused?\(\s*'([a-z][a-z-]+)'/g);

/** The states that a caller sees, as codes: the values of proto enums whose name ends in State, Status or Stage. */
function statesOf(service: string): string[] {
  const proto = globSync(`proto/opennrm/${service.replaceAll('-', '_')}/v1/*.proto`)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return [...proto.matchAll(/enum (\w+(?:State|Status|Stage)) \{([^}]*)\}/g)].flatMap(
    ([, name = '', body = '']) => {
      const prefix = `${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_`;
      return found(body, /^\s*([A-Z_]+) = [1-9]/gm).map((value) =>
        value.replace(prefix, '').toLowerCase().replaceAll('_', '-'),
      );
    },
  );
}

it.each(services)(
  'every event, refusal and state of %s is explained in the glossary or in its reference',
  (service) => {
    const explained = glossary + readFileSync(`services/${service}/REFERENCE.md`, 'utf8');
    const source = sourcesOf(service);
    const names = [...eventsIn(source), ...refusalsIn(source), ...statesOf(service)];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !explained.includes(`\`${name}\``))).toEqual([]);
  },
);

const shared = globSync('{infra/countries/sample/*.json,packages/*/src/**/*.ts,proto/**/*.proto}')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const codesOf = (text: string): string[] => found(text, /^\| `([^`]+)`/gm);

it.each(services)('every code that the reference of %s explains exists', (service) => {
  const [, words = ''] = readFileSync(`services/${service}/REFERENCE.md`, 'utf8').split(
    '## Words and codes',
  );
  const source = sourcesOf(service) + shared + statesOf(service).join('\n');
  expect(codesOf(words).filter((code) => !source.includes(code))).toEqual([]);
});

it('every file that the glossary names exists', () => {
  const files = found(glossary, /((?:packages|services|infra|tests|bench|proto)\/[\w./-]+\.\w+)/g);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it('the glossary has each word once', () => {
  const words = found(glossary, /^\| ([^|]+?) +\|/gm);
  const all = [...glossary.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, word = '']) => word);
  expect(all).toHaveLength(words.length);
});

it('the check of the glossary finds an event, a refusal and a state', () => {
  expect(eventsIn("{ type: 'OfferMade', at }")).toEqual(['OfferMade']);
  expect(refusalsIn("return refuse('offer-closed', 'offer_id')")).toEqual(['offer-closed']);
  expect(statesOf('referral')).toContain('waiting-for-basis');
});
