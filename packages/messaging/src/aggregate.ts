import type { Statement, Transaction } from '@opennrm/runtime';
import type { Decision, Instant } from '@opennrm/runtime/decision';
import { type Author, type OutgoingMessage, record } from './journal.ts';

/** The earliest deadline of an aggregate: what must be done by when. */
export interface NextDeadline {
  readonly kind: string;
  readonly due: Instant;
}

/** How one kind of aggregate is stored. Its table has the columns `id, owner_org, version, generation, state` and those of `row`. */
export interface AggregateKind<State, Event extends { readonly type: string }, Rules = undefined> {
  /** The table, and the name in the journal. */
  readonly name: string;
  evolve(state: State | undefined, event: Event): State;
  /** Columns for finding the row, updated with the state. Always the same columns, including `owner_org`. */
  row(state: State): Readonly<Record<string, unknown>>;
  /** The messages that an event publishes. `state` is the state after the event; `rules` are those of the change. */
  messages(event: Event, state: State, rules: Rules): OutgoingMessage[];
  /** Undefined only when the aggregate has no open deadline. */
  nextDeadline(state: State): NextDeadline | undefined;
  /** Writes the projections of an event, in the same transaction, in the order of the events. */
  afterEvent?(tx: Transaction, event: Event, state: State): Promise<void>;
}

/** Who changes something, when, and under which rules. Recorded in the journal with the change. */
export type Context<Rules = undefined> = {
  readonly at: Instant;
  readonly author: Author;
  readonly ruleVersion?: string;
} & (undefined extends Rules ? { readonly rules?: undefined } : { readonly rules: Rules });

export type Outcome<State, Event, Refusal extends string> =
  | { readonly kind: 'accepted'; readonly state: State; readonly events: readonly Event[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly field?: string | undefined }
  | { readonly kind: 'ignored'; readonly reason: string; readonly state: State }
  | { readonly kind: 'unknown' };

export interface AggregateStore<State, Event, Rules = undefined> {
  /** Begins an aggregate. An id that exists is refused as `already-exists`. */
  create<Refusal extends string>(
    tx: Transaction,
    id: string,
    decision: Decision<Event, Refusal>,
    context: Context<Rules>,
  ): Promise<Outcome<State, Event, Refusal | 'already-exists'>>;
  /** Locks the row, decides, and writes state, journal, outbox and timer in the caller's transaction. */
  change<Refusal extends string>(
    tx: Transaction,
    id: string,
    context: Context<Rules>,
    decide: (state: State) => Decision<Event, Refusal> | Promise<Decision<Event, Refusal>>,
  ): Promise<Outcome<State, Event, Refusal>>;
  /** Reads without a lock. */
  find(on: Pick<Transaction, 'query'>, id: string): Promise<State | undefined>;
}

interface Row<State> {
  version: number;
  generation: number;
  state: State;
}

/** The only way to read and change a service's aggregate: state row and journal in one transaction (design rule 8). */
export function aggregateStore<State, Event extends { readonly type: string }, Rules = undefined>(
  kind: AggregateKind<State, Event, Rules>,
): AggregateStore<State, Event, Rules> {
  const sql = statements(kind.name);
  return {
    async create(tx, id, decision, context) {
      if (decision.kind === 'refused') return decision;
      if (decision.kind === 'ignored') throw new Error(`a new ${kind.name} cannot be ignored`);
      const steps = evolveAll(kind, undefined, decision.events);
      const state = last(steps);
      const { generation, deadline } = nextGeneration(kind, undefined, state, 0);
      const { rowCount } = await tx.query(
        sql.insert(kind.row(state), [id, 1, generation, JSON.stringify(state)]),
      );
      if (rowCount === 0) return { kind: 'refused', refusal: 'already-exists' };
      await recordSteps(tx, kind, id, 1, steps, context, deadline && { ...deadline, generation });
      return { kind: 'accepted', state, events: decision.events };
    },
    async change(tx, id, context, decide) {
      const { rows } = await tx.query<Row<State>>({ ...sql.lock, values: [id] });
      const before = rows[0];
      if (!before) return { kind: 'unknown' };
      const decision = await decide(before.state);
      if (decision.kind === 'refused') return decision;
      if (decision.kind === 'ignored') return { ...decision, state: before.state };
      if (decision.events.length === 0)
        return { kind: 'accepted', state: before.state, events: [] };
      const steps = evolveAll(kind, before.state, decision.events);
      const state = last(steps);
      const { generation, deadline } = nextGeneration(kind, before.state, state, before.generation);
      const version = before.version + 1;
      await tx.query(sql.update(kind.row(state), [id, version, generation, JSON.stringify(state)]));
      await recordSteps(
        tx,
        kind,
        id,
        version,
        steps,
        context,
        deadline && { ...deadline, generation },
      );
      return { kind: 'accepted', state, events: decision.events };
    },
    async find(on, id) {
      const { rows } = await on.query<Row<State>>({ ...sql.find, values: [id] });
      return rows[0]?.state;
    },
  };
}

interface Step<State, Event> {
  readonly event: Event;
  readonly state: State;
}

function evolveAll<State, Event extends { readonly type: string }>(
  kind: Pick<AggregateKind<State, Event>, 'evolve'>,
  from: State | undefined,
  events: readonly Event[],
): Step<State, Event>[] {
  let state = from;
  return events.map((event) => {
    state = kind.evolve(state, event);
    return { event, state };
  });
}

function last<State>(steps: readonly { readonly state: State }[]): State {
  const step = steps.at(-1);
  if (!step) throw new Error('an aggregate begins with an event');
  return step.state;
}

/** A changed deadline gets a newer generation. The timer of an older generation is dropped when it fires (design rule 15). */
function nextGeneration<State, Event extends { readonly type: string }>(
  kind: Pick<AggregateKind<State, Event>, 'nextDeadline'>,
  before: State | undefined,
  state: State,
  generation: number,
): { generation: number; deadline: NextDeadline | undefined } {
  const [old, deadline] = [before && kind.nextDeadline(before), kind.nextDeadline(state)];
  if (old?.kind === deadline?.kind && old?.due === deadline?.due)
    return { generation, deadline: undefined };
  return { generation: generation + 1, deadline };
}

async function recordSteps<State, Event extends { readonly type: string }, Rules>(
  tx: Transaction,
  kind: AggregateKind<State, Event, Rules>,
  id: string,
  version: number,
  steps: readonly Step<State, Event>[],
  { rules, ...context }: Context<Rules>,
  timer: (NextDeadline & { readonly generation: number }) | undefined,
): Promise<void> {
  const messages = steps.flatMap(({ event, state }) => kind.messages(event, state, rules as Rules));
  const events = steps.map(({ event }) => event);
  if (kind.afterEvent)
    for (const { event, state } of steps) await kind.afterEvent(tx, event, state);
  await record(tx, { aggregate: kind.name, id, version, ...context, events, messages, timer });
}

const FIXED = ['id', 'version', 'generation', 'state'];

function statements(table: string) {
  const write = (name: string, textOf: (columns: string[]) => string) => {
    let prepared: { readonly own: readonly string[]; readonly text: string } | undefined;
    return (row: Readonly<Record<string, unknown>>, fixed: readonly unknown[]): Statement => {
      const own = prepared?.own ?? Object.keys(row);
      prepared ??= { own, text: textOf([...FIXED, ...own]) };
      // By name: another row of the same aggregate may list its columns in another order.
      return {
        name: `${table}-${name}`,
        text: prepared.text,
        values: [...fixed, ...own.map((column) => row[column])],
      };
    };
  };
  return {
    lock: {
      name: `${table}-lock`,
      text: `SELECT version, generation, state FROM ${table} WHERE id = $1 FOR UPDATE`,
    },
    find: {
      name: `${table}-find`,
      text: `SELECT version, generation, state FROM ${table} WHERE id = $1`,
    },
    insert: write(
      'insert',
      (columns) =>
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, nth) => `$${nth + 1}`).join(', ')}) ON CONFLICT (id) DO NOTHING`,
    ),
    update: write(
      'update',
      (columns) =>
        `UPDATE ${table} SET ${columns
          .map((column, nth) => `${column} = $${nth + 1}`)
          .slice(1)
          .join(', ')} WHERE id = $1`,
    ),
  };
}
