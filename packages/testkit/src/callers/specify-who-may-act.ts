import { randomUUID } from 'node:crypto';
import { access } from '@opennrm/contracts/access';
import type { Caller } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contents } from '../contents.ts';
import {
  type CallResult,
  type Method,
  type ServeOptions,
  type ServiceUnderTest,
  serve,
} from './service-under-test.ts';

/**
 * How a call answers a stranger, who has no relation to the thing that the call names. `hidden`: as if it did not exist. `empty`: with a
 * list or a refusal that contains nothing of it. `already-exists`: the caller generates the id, and this one belongs to another
 * organisation.
 */
type Expectation = 'hidden' | 'empty' | 'already-exists';

/** A valid request of one call. It succeeds for the parties concerned. */
interface Row<Ids, Request> {
  readonly request: (ids: Ids) => Request;
  /** Other ways to name the same thing. */
  readonly also?: readonly ((ids: Ids) => Request)[];
  readonly expects: Expectation;
  /** Who may call it, when it is not staff of the organisation that owns everything else. */
  readonly by?: (ids: Ids) => Partial<Caller>;
  /** A stream that never ends by itself: only its first answer is used. */
  readonly endless?: boolean;
  /** Why the answer about an unknown id may differ from the answer about a thing of another organisation. */
  readonly differs?: string;
}

type RequestOf<Rpc> = Rpc extends { requestSerialize: (value: infer Request) => Buffer }
  ? Request
  : never;

/** A row for each rpc of the generated service definitions. An rpc without a row does not compile. */
export type RowsOf<Definitions, Ids> = {
  readonly [Name in keyof Definitions]: Row<Ids, RequestOf<Definitions[Name]>>;
};

interface Situation<Ids> extends ServeOptions {
  /** The ids of existing things, by the names that the requests use. */
  readonly ids: Ids;
  /** The organisation that owns all of them. */
  readonly owner: string;
  /** Another organisation with its own things in the service. */
  readonly neighbour: string;
  contents(): Promise<Contents>;
  drop(): Promise<unknown>;
}

interface WhoMayAct<Ids> {
  readonly roles: readonly { readonly code: string }[];
  readonly rows: Readonly<Record<string, Row<Ids, unknown>>>;
  /** Calls for any caller that knows an id, each with the reason. Other specs test them. */
  readonly openToIdHolders?: Readonly<Record<string, string>>;
  readonly prepare: () => Promise<Situation<Ids>>;
}

/** A refusal names a rule and a field, and nothing that was sent or stored. */
const NEUTRAL_REFUSAL =
  /^((not-found|already-exists|not-known-yet): [a-z_]+|wrong-role: this call is for [a-z, -]+)$/;

const CODES = { hidden: 'NOT_FOUND', empty: 'OK', 'already-exists': 'ALREADY_EXISTS' } as const;

/**
 * Sends every call of a service, with every role of the country, as a stranger. An existing thing is answered like an unknown one, no row
 * of any table changes, and the answer contains no id of it.
 */
export function specifyWhoMayAct<Ids extends Readonly<Record<string, string>>>(
  of: WhoMayAct<Ids>,
): void {
  const { rows, roles, openToIdHolders = {} } = of;
  let situation: Situation<Ids>;
  let served: ServiceUnderTest;
  let unknown: Ids;
  beforeAll(async () => {
    situation = await of.prepare();
    served = await serve(situation);
    unknown = Object.fromEntries(
      Object.keys(situation.ids).map((name) => [name, randomUUID()]),
    ) as Ids;
  });
  afterAll(async () => {
    await served.stop();
    await situation.drop();
  });

  const rowOf = (name: string): Row<Ids, unknown> => {
    const row = rows[name];
    if (!row) throw new Error(`there is no row for ${name}`);
    return row;
  };
  const methodOf = (name: string): Method => {
    const method = served.methods[name];
    if (!method) throw new Error(`there is no rpc ${name}`);
    return method;
  };
  const sends = (
    name: string,
    ids: Ids,
    caller: Caller,
    request = rowOf(name).request,
  ): Promise<CallResult> => served.send(methodOf(name), request(ids), caller, rowOf(name).endless);

  it('the specification has a row for every call', () => {
    const known = [...Object.keys(rows), ...Object.keys(openToIdHolders)];
    expect(known.sort()).toEqual(Object.keys(served.methods).sort());
  });

  type RequestOfIds = Row<Ids, unknown>['request'];
  async function expectStrangerResult(
    name: string,
    request: RequestOfIds,
    caller: Caller,
  ): Promise<void> {
    const { expects, differs } = rowOf(name);
    const { role } = caller;
    const ended = await sends(name, situation.ids, caller, request);
    expect(ended.code, role).toBe(
      rolesOf(methodOf(name)).includes(role) ? CODES[expects] : 'PERMISSION_DENIED',
    );
    if (ended.code !== 'OK') expect(ended.details, role).toMatch(NEUTRAL_REFUSAL);
    for (const id of Object.values(situation.ids))
      expect(JSON.stringify(ended), role).not.toContain(id);
    if (expects === 'already-exists' || differs !== undefined) return;
    expect(ended, role).toEqual(await sends(name, unknown, caller, request));
  }

  const strangers = [
    ['an organisation without anything in the service', () => randomUUID()],
    ['an organisation with its own things in the service', () => situation.neighbour],
  ] as const;
  describe.each(strangers)('staff of %s', (_organisation, organisationOf) => {
    it.each(Object.keys(rows))(
      'learn nothing and change nothing by %s, in any role',
      async (name) => {
        const before = await situation.contents();
        const { request, also = [] } = rowOf(name);
        for (const ask of [request, ...also])
          for (const { code: role } of roles)
            await expectStrangerResult(name, ask, {
              person: randomUUID(),
              organisation: organisationOf(),
              role,
            });
        expect(await situation.contents()).toEqual(before);
      },
    );
  });

  it.each(Object.keys(rows))(
    'a party concerned gets another answer than a stranger from %s',
    async (name) => {
      const { by, expects } = rowOf(name);
      const [role = ''] = rolesOf(methodOf(name));
      const caller = {
        person: randomUUID(),
        organisation: situation.owner,
        role,
        ...by?.(situation.ids),
      };
      const { code, details, answers } = await sends(name, situation.ids, caller);
      expect(
        ['OK', 'FAILED_PRECONDITION', ...(expects === 'already-exists' ? ['ALREADY_EXISTS'] : [])],
        details,
      ).toContain(code);
      if (expects !== 'empty') return;
      const stranger = { ...caller, organisation: randomUUID(), person: randomUUID() };
      expect(answers).not.toEqual((await sends(name, situation.ids, stranger)).answers);
    },
  );
}

const rolesOf = ({ path }: Method): readonly string[] => access[path as keyof typeof access].roles;
