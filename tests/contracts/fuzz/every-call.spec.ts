import type { Client, MethodDefinition } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { loadCountryPack } from '@opennrm/country/load';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageNamed, requestTypes } from '../language.ts';
import { clientOf, rolesOf, send } from './calls.ts';
import { type Fields, isId, requestOf } from './messages.ts';
import { mutated, mutatedBytes } from './mutations.ts';
import { applyPriorEvents } from './prior-events.ts';
import { type ServiceUnderTest, serve, serviceNames } from './services.ts';
import { vocabularyOf } from './vocabulary.ts';

/** `FUZZ_RUNS=100000 FUZZ_SEED=7 npx vitest run --project parts tests/contracts/fuzz` sends others, and more. */
const RUNS = Math.ceil(Number(process.env.FUZZ_RUNS ?? 2_000) / serviceNames.length);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_128);
const NOON = Date.UTC(2026, 2, 2, 12);
/** How a call ends that no rule has answered. */
const FAILED = [status.INTERNAL, status.UNKNOWN, status.DEADLINE_EXCEEDED, status.CANCELLED];
/** What a parser says by itself, where a rule of ours is missing; and a text that was sent. */
const NO_RULE = /invalid|expected|Synthetic/i;
/** Refusals that are written down on purpose: that a screening was stopped because the person was not safe stands in their file. */
const ALLOWED_AFTER_CHANGE = /^not-safe/;
const FAULTS_SHOWN = 20;
const HALF_AN_HOUR = 1_800_000;

/** Places in lists that nobody was given: of one to four parts, each a number that no column may hold, an id, or a code. */
const PARTS = [
  `${Number.MIN_SAFE_INTEGER}`,
  `${Number.MAX_SAFE_INTEGER}`,
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'code',
];
const PAGE_TOKENS = [1, 2, 3].reduce(
  (tokens) => PARTS.concat(tokens.flatMap((token) => PARTS.map((part) => `${token}_${part}`))),
  PARTS,
);
const has = (type: string, name: string): boolean =>
  (messageNamed(type).field ?? []).some((one) => one.name === name);

const pack = await loadCountryPack('infra/countries/sample');
const types = requestTypes();

describe.each(serviceNames)('every call of %s', (name) => {
  const vocabulary = vocabularyOf(pack, SEED, NOON);
  const { chance } = vocabulary;
  let service: ServiceUnderTest;
  let client: Client;
  beforeAll(async () => {
    service = await serve(name, NOON);
    client = clientOf(service.address);
    await applyPriorEvents(service, vocabulary.ids);
  });
  afterAll(async () => {
    client.close();
    await service.stop();
  });

  const bodies = pack.identification.escalation.flatMap(
    ({ organisationId }) => organisationId ?? [],
  );
  const caller = (path: string) => ({
    person: chance.pick(vocabulary.ids),
    organisation: chance.pick([...vocabulary.ids.slice(0, 3), ...bodies]),
    role: chance.pick(rolesOf(path)),
  });
  const methods = () =>
    service.definitions.flatMap(
      (one) => Object.values(one) as MethodDefinition<unknown, unknown>[],
    );
  const typeOf = ({ path }: MethodDefinition<unknown, unknown>): string => types.get(path) ?? '';

  /** How many rows there are, and where each stands: a row that is changed stands elsewhere. */
  async function rowsOf(): Promise<string> {
    const { rows } = await service.database.query<{ table_name: string }>(
      `SELECT table_name FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT IN ('answered_commands', 'pgmigrations')
         AND has_table_privilege(quote_ident(table_name), 'SELECT') ORDER BY table_name`,
    );
    const counts = rows
      .map(
        ({ table_name: table }) =>
          `(SELECT count(*) || ':' || coalesce(sum(hashtext(ctid::text)), 0) FROM "${table}")`,
      )
      .join(` || ' ' || `);
    return (
      (await service.database.query<{ rows: string }>(`SELECT ${counts} AS rows`)).rows[0]?.rows ??
      ''
    );
  }

  function bytesFor(method: MethodDefinition<unknown, unknown>): Buffer {
    const request = requestOf(chance, vocabulary, typeOf(method));
    const bytes = chance.happens(0.5)
      ? method.requestSerialize(request)
      : spoiledMessage(method, request);
    return chance.happens(0.1) ? mutatedBytes(chance, bytes) : bytes;
  }

  /** A number may be one that the type of its field cannot write: then the request is spoiled in another way. */
  function spoiledMessage(method: MethodDefinition<unknown, unknown>, request: Fields): Buffer {
    for (;;) {
      try {
        return method.requestSerialize(mutated(chance, request));
      } catch {}
    }
  }

  it(
    'answers any message by a rule: it never fails, and what it refuses changes no row but that somebody was not safe',
    async () => {
      const answers = new Map<string, number>();
      const faults: string[] = [];
      for (let run = 0; run < RUNS && faults.length < FAULTS_SHOWN; run++) {
        const method = chance.pick(methods());
        const bytes = bytesFor(method);
        const [before, logged] = [await rowsOf(), service.errors.length];
        const { code, details } = await send(
          client,
          method,
          bytes,
          caller(method.path),
          chance.uuid(),
        );
        const what = `${method.path}, run ${run} of seed ${SEED}: ${status[code]} ${details}`;
        if (FAILED.includes(code) || NO_RULE.test(details)) faults.push(what);
        faults.push(...service.errors.slice(logged));
        if (
          code !== status.OK &&
          !ALLOWED_AFTER_CHANGE.test(details) &&
          (await rowsOf()) !== before
        )
          faults.push(`${what}, and changed rows`);
        answers.set(status[code] ?? '', (answers.get(status[code] ?? '') ?? 0) + 1);
      }
      expect(faults).toEqual([]);
      // The messages reach the rules and the rows, and are not all turned away at the door.
      const many = (...names: string[]): number =>
        names.reduce((sum, name) => sum + (answers.get(name) ?? 0), 0);
      const reached = [
        many('OK'),
        many('INVALID_ARGUMENT'),
        many('FAILED_PRECONDITION', 'NOT_FOUND', 'ALREADY_EXISTS'),
      ];
      for (const count of reached)
        expect(count, JSON.stringify([...answers])).toBeGreaterThan(RUNS / 100);
    },
    HALF_AN_HOUR,
  );

  it('refuses a malformed id in every id field, and names the field', async () => {
    for (const method of methods().filter(({ requestStream }) => !requestStream)) {
      for (const field of (messageNamed(typeOf(method)).field ?? []).filter(isId)) {
        const request: Fields = requestOf(chance, vocabulary, typeOf(method));
        request[field.jsonName] = field.label === 'LABEL_REPEATED' ? ['no-id'] : 'no-id';
        const bytes = method.requestSerialize(request);
        const { code, details } = await send(
          client,
          method,
          bytes,
          caller(method.path),
          chance.uuid(),
        );
        expect([status[code], details], method.path).toEqual([
          'INVALID_ARGUMENT',
          expect.stringContaining(field.name),
        ]);
        expect(details).not.toContain('no-id');
      }
    }
  });

  it('fails for no token of a page, however large its numbers', async () => {
    for (const method of methods().filter((one) => has(typeOf(one), 'page_token'))) {
      const faults: string[] = [];
      for (const pageToken of PAGE_TOKENS) {
        const bytes = method.requestSerialize({
          ...requestOf(chance, vocabulary, typeOf(method)),
          pageSize: 1,
          pageToken,
        });
        const { code, details } = await send(
          client,
          method,
          bytes,
          caller(method.path),
          chance.uuid(),
        );
        if (FAILED.includes(code))
          faults.push(`${method.path} ${pageToken}: ${status[code]} ${details}`);
      }
      expect(faults).toEqual([]);
    }
  });
});
