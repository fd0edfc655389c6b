import pg from 'pg';
import type { Statement } from './connection.ts';

/** A statement whose values the driver has encoded: nothing of it can fail before the database has it. */
export interface Encoded {
  readonly statement: Statement | string;
  readonly values: readonly unknown[] | undefined;
}

/**
 * The driver would refuse the statement, and the statements after it, a COMMIT among them, would succeed. The driver would also believe that a
 * statement with a value that it cannot encode is prepared, and it would fail on this connection for ever.
 */
export class NotSendable extends TypeError {
  override readonly name = 'NotSendable';
}

export const textOf = (statement: Statement | string): string =>
  typeof statement === 'string' ? statement : statement.text;

/** The encoding of the driver itself, which its types do not name. */
const { prepareValue } = (
  pg as unknown as { readonly utils: { prepareValue(value: unknown): unknown } }
).utils;

/** @throws NotSendable */
export function encode(statement: Statement | string, values?: readonly unknown[]): Encoded {
  const given = (typeof statement === 'string' ? undefined : statement.values) ?? values;
  try {
    return { statement, values: given?.map((value) => prepareValue(value)) };
  } catch {
    const name = typeof statement === 'string' ? 'a statement without a name' : statement.name;
    throw new NotSendable(`a value of ${name} cannot be encoded`);
  }
}

interface Prepared {
  readonly parsedStatements: Readonly<Record<string, string>>;
  readonly submittedNamedStatements: Readonly<Record<string, string>>;
}

/** The driver refuses two texts of one name on a connection only after the statements before have been sent. @throws NotSendable */
export function refuseOtherText(connection: pg.PoolClient, all: readonly Encoded[]): void {
  const texts = new Map<string, string>();
  const driver = connection.connection as unknown as Prepared;
  for (const { statement } of all) {
    if (typeof statement === 'string') continue;
    const { name, text } = statement;
    const known =
      texts.get(name) ??
      driver.parsedStatements[name] ??
      driver.submittedNamedStatements[name] ??
      text;
    if (known !== text) throw new NotSendable(`two statements are named ${name}`);
    texts.set(name, text);
  }
}
