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

/** `FUZZ_RUNS=100000 FUZZ_SEED=7 npx vitest run --project parts tests/contracts/fuzz` sends other requests, and more. */
const RUNS = Math.ceil(Number(process.env.FUZZ_RUNS ?? 2_000) / serviceNames.length);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_128);
const NOON = Date.UTC(2026, 2, 2, 12);
/** Statuses of a call that no rule has answered. */
const FAILED = [status.INTERNAL, status.UNKNOWN, status.DEADLINE_EXCEEDED, status.CANCELLED];
/** Words of a parser's own message (one of our rules is missing), and a text that was sent. */
const NO_RULE = /invalid|expected|Synthetic/i;
/** The refusal that is stored on purpose: a file records that a screening was stopped because the person was not safe. */
const ALLOWED_AFTER_CHANGE = /^not-safe/;
const FAULTS_SHOWN = 20;
const HALF_AN_HOUR = 1_800_000;

/** Page tokens that the service never returned: one to four parts, each a very large number, an id, or a code. */
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

  const authorities = pack.identification.escalation.flatMap(
    ({ organisationId }) => organisationId ?? [],
  );
  const caller = (path: string) => ({
    person: chance.pick(vocabulary.ids),
    organisation: chance.pick([...vocabulary.ids.slice(0, 3), ...authorities]),
    role: chance.pick(rolesOf(path)),
  });
  const methods = () =>
    service.definitions.flatMap(
      (one) => Object.values(one) as MethodDefinition<unknown, unknown>[],
    );
  const typeOf = ({ path }: MethodDefinition<unknown, unknown>): string => types.get(path) ?? '';

  /** The number and the positions of all rows: a changed row has another position (ctid). */
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
      : mutatedRequest(method, request);
    return chance.happens(0.1) ? mutatedBytes(chance, bytes) : bytes;
  }

  /** A mutated number may not fit the type of its field and cannot be encoded. Then the request is mutated again. */
  function mutatedRequest(method: MethodDefinition<unknown, unknown>, request: Fields): Buffer {
    for (;;) {
      try {
        return method.requestSerialize(mutated(chance, request));
      } catch {}
    }
  }

  it(
    'is answered by a rule for any message: it never fails, and a refusal changes no row (except `not-safe`)',
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
      // Enough messages must pass the checks of fields and reach the rules and the rows.
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

  it('refuses a malformed id in each of its id fields, and names the field', async () => {
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

  it('never fails because of a page token, however large its numbers are', async () => {
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
