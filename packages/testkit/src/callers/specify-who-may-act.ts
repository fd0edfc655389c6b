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
 * How a call treats somebody who has nothing to do with what it names. `hidden`: as if there were no such thing. `empty`: with a list or a no, in which
 * nothing of it stands. `already-exists`: the caller mints the id, and this one is another's.
 */
type Expectation = 'hidden' | 'empty' | 'already-exists';

/** A good request of one call: it passes for those whom it concerns. */
interface Row<Ids, Request> {
  readonly request: (ids: Ids) => Request;
  /** Other ways to name the same. */
  readonly also?: readonly ((ids: Ids) => Request)[];
  readonly expects: Expectation;
  /** Who may call it, where that is not somebody of the organisation that has all the rest. */
  readonly by?: (ids: Ids) => Partial<Caller>;
  /** A stream that never ends by itself: what it answers first counts. */
  readonly endless?: boolean;
  /** Why the answer about what does not exist may differ from that about what is another's. */
  readonly differs?: string;
}

type RequestOf<Rpc> = Rpc extends { requestSerialize: (value: infer Request) => Buffer }
  ? Request
  : never;

/** A row for each rpc of generated service definitions: one without a row does not compile. */
export type RowsOf<Definitions, Ids> = {
  readonly [Name in keyof Definitions]: Row<Ids, RequestOf<Definitions[Name]>>;
};

interface Situation<Ids> extends ServeOptions {
  /** What exists, by the names that the requests use. */
  readonly ids: Ids;
  /** The organisation that has all of it. */
  readonly owner: string;
  /** Another organisation that has things of its own in the service. */
  readonly neighbour: string;
  contents(): Promise<Contents>;
  drop(): Promise<unknown>;
}

interface WhoMayAct<Ids> {
  readonly roles: readonly { readonly code: string }[];
  readonly rows: Readonly<Record<string, Row<Ids, unknown>>>;
  /** Calls that are for whoever knows an id, each with the reason: specs of their own say what these do. */
  readonly openToIdHolders?: Readonly<Record<string, string>>;
  readonly prepare: () => Promise<Situation<Ids>>;
}

/** A refusal names a rule and a field, and nothing that was sent or is kept. */
const NEUTRAL_REFUSAL =
  /^((not-found|already-exists|not-known-yet): [a-z_]+|wrong-role: this call is for [a-z, -]+)$/;

const CODES = { hidden: 'NOT_FOUND', empty: 'OK', 'already-exists': 'ALREADY_EXISTS' } as const;

/**
 * Sends every call of a service, with every role of the country, as somebody of an organisation that has nothing to do with what it names. What exists
 * is answered as what does not, no row of any table changes, and no id of it stands in the answer.
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

  it('has a row for every call', () => {
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
    ['an organisation that has nothing here', () => randomUUID()],
    ['an organisation that has things of its own here', () => situation.neighbour],
  ] as const;
  describe.each(strangers)('somebody of %s', (_organisation, organisationOf) => {
    it.each(Object.keys(rows))(
      'a stranger learns and changes nothing by %s, in whatever role',
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
    'a party concerned is answered otherwise than a stranger by %s',
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
