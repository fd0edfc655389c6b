import type pg from 'pg';
import { type Queries, runStatement, type Statement } from './connection.ts';
import { type Encoded, encode, NotSendable, refuseOtherText, textOf } from './encoded.ts';
import { DatabaseUnreachable } from './fault.ts';
import { tablesWrittenBy, wordsOf } from './words-of-statements.ts';

/** A value that the driver can always encode. With any other it could fail on one statement, and the next, a COMMIT, would succeed. */
export type PlainValue = string | number | boolean | null | Buffer | readonly PlainValue[];

/** Rows that one statement writes together, whichever parts of a transaction give them. */
export interface WriteSet<Row> {
  readonly name: string;
  readonly text: string;
  values(rows: readonly Row[]): readonly PlainValue[];
  /** Of several rows with the same key only the last is written. Without `key` all are written, in their order. */
  key?(row: Row): string;
}

/** Runs statements inside one transaction, and writes in sets what nobody reads before its end (design rule 13). */
export interface Transaction extends Queries {
  /**
   * Writes a row together with all others of its set: before the next statement that names a table of the set, at the latest with the
   * commit. A fault of the row is reported then.
   */
  write<Row>(set: WriteSet<Row>, row: Row): void;
  /**
   * Runs a part of the transaction whose effects can be undone alone. They are undone when `work` fails, and when `keeps` returns false for
   * its result. What `memory` holds is undone with them. What the part writes is sent at its end, so that a fault of it is found while it can
   * be undone alone, unless `ends` is `with-transaction`: then a fault fails the whole transaction.
   */
  savepoint<T>(
    work: () => Promise<T>,
    keeps?: (result: T) => boolean,
    ends?: 'alone' | 'with-transaction',
  ): Promise<T>;
  /** What this transaction has locked and read, by a name that its owner chooses. */
  readonly memory: Map<string, unknown>;
}

/** Called with each named statement before it is sent, and with its transaction if it has one. */
export type Watch = (statement: Statement, tx?: Transaction) => void;

interface PendingSet {
  readonly set: WriteSet<unknown>;
  readonly tables: readonly string[];
  readonly rows: Map<unknown, unknown>;
}

/** The transaction was committed or rolled back, and its connection serves others. */
export class TransactionEnded extends Error {
  override readonly name = 'TransactionEnded';
}

/** A part ended while a part that began after it still ran: to undo one would undo some of the other. */
class SavepointsOverlap extends Error {
  override readonly name = 'SavepointsOverlap';
}

const BEGIN = encode('BEGIN');

/**
 * The statements of one transaction on a pipelined connection: those that are known at the same time are sent in one write, and the answers
 * are awaited together. After a failed statement PostgreSQL refuses the others and answers COMMIT with ROLLBACK, which the driver reports as
 * success.
 */
export class UnitOfWork implements Transaction {
  readonly memory = new Map<string, unknown>();
  readonly #connection: pg.PoolClient;
  readonly #watch: Watch | undefined;
  readonly #pending = new Map<string, PendingSet>();
  /** What is sent together with the next statement: each changes nothing that could be read. */
  #next: Encoded[] = [BEGIN];
  /** Set while a BEGIN is awaited alone, so that later statements stay behind those that wait for it. */
  #begun: Promise<unknown> | undefined;
  /** The first error since PostgreSQL last accepted a statement. */
  #firstError: unknown;
  /** The error of a statement that was not sent. PostgreSQL does not know of it, and would commit without it. */
  #refused: unknown;
  readonly #openSavepoints: string[] = [];
  #savepoints = 0;
  /** Takes no more work. */
  #isClosed = false;
  #isGivenUp = false;

  constructor(connection: pg.PoolClient, watch?: Watch) {
    this.#connection = connection;
    this.#watch = watch;
  }

  async query<Row extends pg.QueryResultRow>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    this.#refuseWhenClosed();
    if (this.#isAboutPending(textOf(statement))) this.#queuePending();
    try {
      const encoded = encode(statement, values);
      refuseOtherText(this.#connection, [encoded]);
      return await this.#send<Row>(encoded);
    } catch (error) {
      if (error instanceof NotSendable) this.#refused ??= error;
      throw error;
    }
  }

  write<Row>(set: WriteSet<Row>, row: Row): void {
    this.#refuseWhenClosed();
    const pending = this.#pending.get(set.name) ?? {
      set: set as WriteSet<unknown>,
      tables: tablesWrittenBy(set.text),
      rows: new Map<unknown, unknown>(),
    };
    const key = set.key?.(row) ?? Symbol(set.name);
    pending.rows.delete(key); // so that the rows are in the order in which they were last written
    pending.rows.set(key, row);
    this.#pending.set(set.name, pending);
  }

  async savepoint<T>(
    work: () => Promise<T>,
    keeps: (result: T) => boolean = () => true,
    ends: 'alone' | 'with-transaction' = 'alone',
  ): Promise<T> {
    this.#refuseWhenClosed();
    const name = `part_${++this.#savepoints}`;
    this.#queuePending();
    this.#next.push(encode(`SAVEPOINT ${name}`));
    this.#openSavepoints.push(name);
    const before = { memory: new Map(this.memory), refused: this.#refused };
    try {
      const result = await work();
      if (!keeps(result)) await this.#undo(name, before);
      else if (ends === 'alone') await this.#release(name);
      else this.#refuseOverlap(name);
      return result;
    } catch (error) {
      // A database that does not answer would not answer this either; the whole transaction is given up.
      if (!(error instanceof DatabaseUnreachable)) await this.#undo(name, before);
      throw error;
    } finally {
      this.#openSavepoints.splice(this.#openSavepoints.indexOf(name), 1);
    }
  }

  /** Writes what is pending and commits. @throws the first error of the transaction when it was rolled back instead */
  async commit(): Promise<void> {
    this.#isClosed = true;
    this.#queuePending();
    if (this.#refused !== undefined) throw this.#refused;
    const isEmpty = this.#next.length === 1 && this.#next[0] === BEGIN;
    if (isEmpty) return;
    const { command } = await this.#send(encode('COMMIT'));
    if (command !== 'COMMIT')
      throw this.#firstError ?? new Error('the transaction was rolled back');
  }

  /** Sends nothing from now on, whatever part of the transaction still runs. */
  giveUp(): void {
    this.#isClosed = true;
    this.#isGivenUp = true;
  }

  /** What the part wrote is sent now, so that its faults are found while it can be undone alone. */
  async #release(savepoint: string): Promise<void> {
    this.#refuseOverlap(savepoint);
    if (this.#firstError !== undefined) throw this.#firstError;
    this.#queuePending();
    const last = this.#next.pop();
    if (last !== undefined) await this.#send(last);
    this.#next.push(encode(`RELEASE SAVEPOINT ${savepoint}`));
  }

  async #undo(
    savepoint: string,
    before: { readonly memory: ReadonlyMap<string, unknown>; readonly refused: unknown },
  ): Promise<void> {
    this.#refuseOverlap(savepoint);
    this.#pending.clear();
    this.memory.clear();
    for (const [name, value] of before.memory) this.memory.set(name, value);
    this.#refused = before.refused;
    const unsent = this.#next.findIndex(({ statement }) => statement === `SAVEPOINT ${savepoint}`);
    this.#next.length = Math.max(unsent, 0); // what was to be sent since
    if (unsent >= 0) return;
    await this.#send(encode(`ROLLBACK TO SAVEPOINT ${savepoint}`));
    this.#next.push(encode(`RELEASE SAVEPOINT ${savepoint}`));
  }

  #refuseOverlap(savepoint: string): void {
    if (this.#openSavepoints.at(-1) === savepoint) return;
    this.giveUp();
    throw new SavepointsOverlap();
  }

  #refuseWhenClosed(): void {
    if (this.#isClosed) throw new TransactionEnded();
  }

  /** Whether a statement may read or change a table that is still to be written. A word that only looks like a table is taken for one. */
  #isAboutPending(text: string): boolean {
    if (this.#pending.size === 0) return false;
    const words = wordsOf(text);
    return [...this.#pending.values()].some(({ tables }) =>
      tables.some((table) => words.has(table)),
    );
  }

  /** Whatever is pending is written with the next statement, in the order in which the sets were first used. */
  #queuePending(): void {
    const writes = [...this.#pending.values()].map(({ set, rows }) =>
      encode({ name: set.name, text: set.text, values: set.values([...rows.values()]) }),
    );
    this.#next.push(...writes);
    this.#pending.clear();
  }

  /**
   * Sends what waits for the next statement and the statement in one write, and awaits all answers. BEGIN goes with a statement that
   * would do no harm if it should be run without a transaction; any other waits until the transaction has begun.
   * @returns the result of the statement. @throws the error of the first statement that failed
   */
  async #send<Row extends pg.QueryResultRow>(last: Encoded): Promise<pg.QueryResult<Row>> {
    refuseOtherText(this.#connection, [...this.#next, last]);
    const before = this.#next.splice(0);
    if (before[0] === BEGIN && ![...before.slice(1), last].every(isHarmlessAlone))
      this.#begun = this.#run(before.shift() ?? BEGIN);
    if (this.#begun) await this.#begun;
    if (this.#isGivenUp) throw new TransactionEnded();
    const { stream } = this.#connection.connection;
    stream.cork();
    const sent = before.map((one) => this.#run(one));
    const answer = this.#run<Row>(last);
    queueMicrotask(() => stream.uncork()); // together with the statements that are sent at the same moment
    for (const settled of await Promise.allSettled([...sent, answer]))
      if (settled.status === 'rejected') throw settled.reason;
    return answer;
  }

  async #run<Row extends pg.QueryResultRow>({
    statement,
    values,
  }: Encoded): Promise<pg.QueryResult<Row>> {
    const isNamed = typeof statement !== 'string';
    if (isNamed) this.#watch?.(statement, this);
    try {
      const sent = isNamed ? { name: statement.name, text: statement.text } : statement;
      const result = await runStatement<Row>(this.#connection, sent, values);
      if (statement !== 'COMMIT') this.#firstError = undefined; // a savepoint was undone since
      return result;
    } catch (error) {
      if (error instanceof DatabaseUnreachable) throw error;
      // When the program continues after a failed statement, every later one fails too. The error of the first is reported.
      this.#firstError ??= error;
      throw this.#firstError;
    }
  }
}

const CHANGES_NOTHING = /^\s*(?:SELECT|SAVEPOINT)\b/;

const isHarmlessAlone = ({ statement }: Encoded): boolean =>
  CHANGES_NOTHING.test(textOf(statement)) ||
  (typeof statement !== 'string' && statement.isHarmlessAlone === true);
