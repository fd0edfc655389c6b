import type { Statement, Transaction, WriteSet } from '@opennrm/runtime';
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
  /** Locks rows in the order of their ids and reads them, for the changes that follow in this transaction. */
  lockAll(tx: Transaction, ids: readonly string[]): Promise<void>;
  /**
   * Locks and reads the rows whose ids a statement selects, in the order of their ids.
   * @param selection `text` selects the ids, and stands in parentheses in the statement that is sent
   * @returns the rows as this transaction has them
   */
  lockSelected(
    tx: Transaction,
    selection: Statement,
  ): Promise<{ readonly id: string; readonly state: State }[]>;
  /** Reads without a lock. */
  find(on: Pick<Transaction, 'query'>, id: string): Promise<State | undefined>;
}

interface Row<State> {
  readonly version: number;
  readonly generation: number;
  readonly state: State;
}

/** The only way to read and change a service's aggregate: state row and journal in one transaction (design rule 8). */
export function aggregateStore<State, Event extends { readonly type: string }, Rules = undefined>(
  kind: AggregateKind<State, Event, Rules>,
): AggregateStore<State, Event, Rules> {
  const sql = statements(kind.name);
  const rows = lockedRows<State>(kind.name);
  return {
    async create(tx, id, decision, context) {
      if (decision.kind === 'refused') return decision;
      if (decision.kind === 'ignored') throw new Error(`a new ${kind.name} cannot be ignored`);
      const steps = evolveAll(kind, undefined, decision.events);
      const state = last(steps);
      const { generation, deadline } = nextGeneration(kind, undefined, state, 0);
      const row = { version: 1, generation, state };
      const { rowCount } = await tx.query(sql.insert({ id, row, columns: kind.row(state) }));
      if (rowCount === 0) return { kind: 'refused', refusal: 'already-exists' };
      rows.rememberMade(tx, id, row);
      await recordSteps(tx, kind, id, 1, steps, context, deadline && { ...deadline, generation });
      return { kind: 'accepted', state, events: decision.events };
    },
    async change(tx, id, context, decide) {
      const before = rows.find(tx, id) ?? (await lock(tx, id));
      if (!before) return { kind: 'unknown' };
      const decision = await decide(before.state);
      if (decision.kind === 'refused') return decision;
      if (decision.kind === 'ignored') return { ...decision, state: before.state };
      if (decision.events.length === 0)
        return { kind: 'accepted', state: before.state, events: [] };
      if (rows.find(tx, id)?.version !== before.version) throw new ChangedMeanwhile();
      const steps = evolveAll(kind, before.state, decision.events);
      const state = last(steps);
      const { generation, deadline } = nextGeneration(kind, before.state, state, before.generation);
      const row = { version: before.version + 1, generation, state };
      rows.rememberMade(tx, id, row);
      const columns = kind.row(state);
      tx.write(sql.update(columns), { id, row, columns });
      const timer = deadline && { ...deadline, generation };
      await recordSteps(tx, kind, id, row.version, steps, context, timer);
      return { kind: 'accepted', state, events: decision.events };
    },
    async find(on, id) {
      const { rows: found } = await on.query<Row<State>>({ ...sql.find, values: [id] });
      return found[0]?.state;
    },
    async lockSelected(tx, { name, text, values }) {
      const { rows: locked } = await tx.query<Row<State> & { id: string }>({
        name,
        text: sql.lockSelected(text),
        values: values ?? [],
      });
      return locked.map(({ id, ...row }) => {
        rows.rememberRead(tx, id, row);
        return { id, state: rows.find(tx, id)?.state ?? row.state };
      });
    },
    async lockAll(tx, ids) {
      const unlocked = [...new Set(ids)].filter((id) => !rows.find(tx, id)).sort();
      if (unlocked.length === 0) return;
      const { rows: locked } = await tx.query<Row<State> & { id: string }>({
        ...sql.lockAll,
        values: [unlocked],
      });
      for (const { id, ...row } of locked) rows.rememberRead(tx, id, row);
    },
  };

  async function lock(tx: Transaction, id: string): Promise<Row<State> | undefined> {
    const { rows: locked } = await tx.query<Row<State>>({ ...sql.lock, values: [id] });
    const [row] = locked;
    if (row) rows.rememberRead(tx, id, row);
    return rows.find(tx, id);
  }
}

/** The generation of the deadline of an aggregate that this transaction has locked through its store. */
export const lockedGeneration = (tx: Transaction, table: string, id: string): number | undefined =>
  lockedRows<unknown>(table).find(tx, id)?.generation;

/** Two parts of one transaction decided on the same state of an aggregate: the second would undo the first. A fault of the program. */
class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

interface Remembered<State> {
  readonly row: Row<State>;
  /** It was made by this transaction, and may differ from what the database would return: a value that is undefined, a date. */
  readonly isMade: boolean;
}

/** The rows that a transaction has locked, as it has changed them. What is found is as if it had been read from the database. */
const lockedRows = <State>(table: string) => ({
  /** A row that was read counts only where none is known: another part of the transaction may have changed it in the meantime. */
  rememberRead(tx: Transaction, id: string, row: Row<State>): void {
    const name = `${table} ${id}`;
    if (!tx.memory.has(name)) tx.memory.set(name, { row, isMade: false });
  },
  rememberMade(tx: Transaction, id: string, row: Row<State>): void {
    tx.memory.set(`${table} ${id}`, { row, isMade: true });
  },
  find(tx: Transaction, id: string): Row<State> | undefined {
    const known = tx.memory.get(`${table} ${id}`) as Remembered<State> | undefined;
    if (!known?.isMade) return known?.row;
    const row = JSON.parse(JSON.stringify(known.row)) as Row<State>;
    tx.memory.set(`${table} ${id}`, { row, isMade: false });
    return row;
  },
});

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
  record(tx, { aggregate: kind.name, id, version, ...context, events, messages, timer });
}

/** A row to write, with the columns that its kind adds. */
interface Changed {
  readonly id: string;
  readonly row: Row<unknown>;
  readonly columns: Columns;
}

type Columns = Readonly<Record<string, unknown>>;

const FIXED = ['version', 'generation', 'state'];

function statements(table: string) {
  const read = FIXED.join(', ');
  let prepared: ReturnType<typeof writesOf> | undefined;
  /** A kind always has the same columns. Another row may list them in another order. */
  const writes = (columns: Columns) => {
    prepared ??= writesOf(table, Object.keys(columns));
    return prepared;
  };
  return {
    lock: {
      name: `${table}-lock`,
      text: `SELECT ${read} FROM ${table} WHERE id = $1 FOR UPDATE`,
    },
    lockAll: {
      name: `${table}-lock-all`,
      text: `SELECT id, ${read} FROM ${table} WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
    },
    lockSelected: (ids: string) =>
      `SELECT id, ${read} FROM ${table} WHERE id IN (${ids}) ORDER BY id FOR UPDATE`,
    find: { name: `${table}-find`, text: `SELECT ${read} FROM ${table} WHERE id = $1` },
    insert: (changed: Changed) => writes(changed.columns).insert(changed),
    update: (columns: Columns) => writes(columns).update,
  };
}

function writesOf(table: string, own: readonly string[]) {
  const inserted = ['id'].concat(FIXED, own);
  const updated = FIXED.concat(own);
  const insertText = `INSERT INTO ${table} (${inserted.join(', ')})
    VALUES (${inserted.map((_, nth) => `$${nth + 1}`).join(', ')}) ON CONFLICT (id) DO NOTHING`;
  const update: WriteSet<Changed> = {
    name: `${table}-update`,
    text: `UPDATE ${table} AS t SET ${updated.map((column) => `${column} = n.${column}`).join(', ')}
           FROM ROWS FROM (unnest($1::uuid[]), json_populate_recordset(NULL::${table}, $2)) AS n (changed_id)
           WHERE t.id = ANY ($1) AND t.id = n.changed_id`,
    key: ({ id }) => id,
    values: (changed) => [
      changed.map(({ id }) => id),
      JSON.stringify(changed.map(({ row, columns }) => ({ ...columns, ...row }))),
    ],
  };
  const insert = ({ id, row, columns }: Changed): Statement => ({
    name: `${table}-insert`,
    text: insertText,
    values: [
      id,
      row.version,
      row.generation,
      JSON.stringify(row.state),
      ...own.map((name) => columns[name]),
    ],
  });
  return { insert, update };
}
