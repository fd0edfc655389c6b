import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const sources = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|sql)$/.test(path) && !/\.(spec|fixture)\.ts$|^node_modules/.test(path))
    .map((path) => join(directory, path));

const DOMAIN_WORDS =
  /referral|shelter|\bbeds?\b|vault|survivor|victim|screening|traffick|\bescort|caseworker|coordinator|\bproviders?\b|\boffers?\b|\bdisclosure|\bjourney|case[_ ]?(reference|file)/i;

/** Reads of a clock, of random numbers or of the environment: a domain must get these as data. */
const IMPURE =
  /\bDate\.now\b|\bnew Date\b|Math\.random|\brandomUUID\b|\bprocess\.|\bconsole\.|\bsetTimeout\b|\bsetInterval\b|\bfetch\(|\bawait\b|\basync\b|\bperformance\./;

/** What only one provider has. A hold is of a bed, an appointment or a place in a caseload alike. */
const PROVIDER_WORDS =
  /shelter|\bbeds?\b|\brooms?\b|\bsites?(?![a-z])|\bstays?\b|\bescort|\bgroups?\b|\barriv|\bjourney|\baddress|appointment|caseload|lawyer/i;

const offendingLines = (text: string, pattern: RegExp): string[] =>
  text.split('\n').filter((line) => pattern.test(line));

const offences = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    offendingLines(readFileSync(path, 'utf8'), pattern).map((line) => `${path}: ${line.trim()}`),
  );

it.each(['packages/messaging', 'packages/runtime'])(
  'no file of %s has a word of the domain',
  (directory) => {
    expect(
      offences(
        [...sources(join(directory, 'src')), ...sources(join(directory, 'migrations'))],
        DOMAIN_WORDS,
      ),
    ).toEqual([]);
  },
);

it('the check of domain words reports a domain word', () => {
  expect(offendingLines("const topic = 'referral';", DOMAIN_WORDS)).toHaveLength(1);
});

it('no file of packages/holding has a word of one provider', () => {
  expect(offences(sources('packages/holding/src'), PROVIDER_WORDS)).toEqual([]);
});

it('the check of holds reports a word of one provider', () => {
  expect(offendingLines('readonly siteId: SiteId; // the site', PROVIDER_WORDS)).toHaveLength(1);
});

it('no domain reads a clock, random numbers or the environment', () => {
  const domains = readdirSync('services').map((service) =>
    join('services', service, 'src', 'domain'),
  );
  const pure = [...domains, 'packages/holding/src'];
  expect(offences(pure.flatMap(sources), IMPURE)).toEqual([]);
});

it('the check of domains reports a read of the clock and an async function', () => {
  expect(offendingLines('const now = Date.now();', IMPURE)).toHaveLength(1);
  expect(offendingLines('export async function decide() {', IMPURE)).toHaveLength(1);
});

it('no source file has more than 300 lines, and no main.ts more than 80', () => {
  const files = ['packages', 'services', 'infra', 'tests']
    .flatMap(sources)
    .filter((path) => !/node_modules|\/gen\//.test(path));
  const lengths = files.map((path) => ({
    path,
    lines: readFileSync(path, 'utf8').split('\n').length,
  }));
  expect(
    lengths.filter(({ path, lines }) => lines > (path.endsWith('/main.ts') ? 80 : 300)),
  ).toEqual([]);
});

/** The role in a token authorises nothing: a service asks `actor.holds(desk)`, and only the runtime reads the role. */
const READS_ROLE =
  /\b(actor|caller|author)(\)|\.asAuthor\(\))?\.role\b|\brole\b[^={}]*\}\s*(:\s*Actor\b|=\s*(call\.)?actor\b)/;

it('no service decides by the role of a token', () => {
  const services = readdirSync('services').map((service) => join('services', service, 'src'));
  expect(offences(services.flatMap(sources), READS_ROLE)).toEqual([]);
});

it('the check of roles reports a service that decides by the role of a token', () => {
  expect(offendingLines("if (call.actor.role === 'coordinator') return;", READS_ROLE)).toHaveLength(
    1,
  );
  expect(offendingLines('const { person, role } = call.actor;', READS_ROLE)).toHaveLength(1);
  expect(offendingLines('if (actor.asAuthor().role) return;', READS_ROLE)).toHaveLength(1);
});
