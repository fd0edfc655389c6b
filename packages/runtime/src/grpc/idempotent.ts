import type { Database } from '../postgres.ts';
import type { Transaction, WriteSet } from '../unit-of-work.ts';
import { type Answer, type Call, type Refused, refused } from './answer.ts';

interface Stored {
  request_hash: Buffer;
  response: Buffer | null;
  refusal: string | null;
  refusal_field: string | null;
  problems: Refused['problems'] | null;
}

/** Encodes and decodes the answer of one rpc. */
export interface AnswerCodec<Response> {
  write(response: Response): Uint8Array;
  read(bytes: Buffer): Response;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Runs a command once for each (organisation, rpc, key). The answer or refusal is stored in the command's own transaction, and the same
 * key gets the same answer for seven days (design rule 14). The same key with another body (`hash`) is `key-reused`.
 */
export async function runOnce<Response>(
  database: Database,
  call: Call,
  key: string,
  hash: Buffer,
  codec: AnswerCodec<Response>,
  work: (tx: Transaction) => Promise<Answer<Response>>,
): Promise<Answer<Response>> {
  try {
    return await database.transaction(async (tx) => {
      const earlier = await find(tx, call, key);
      if (earlier) return storedAnswer(earlier, hash, codec);
      const result = await work(tx);
      if (!isTemporaryRefusal(result)) store(tx, call, key, hash, result, codec);
      return result;
    });
  } catch (error) {
    // The same command ran concurrently and committed first: its answer is used, and this one was rolled back.
    const { code, table } = error as { code?: string; table?: string };
    if (code !== UNIQUE_VIOLATION || table !== 'answered_commands') throw error;
    const winner = await find(database, call, key);
    if (!winner) throw error;
    return storedAnswer(winner, hash, codec);
  }
}

/** "Not known yet" is not stored: a repeat with the same key may get another answer. */
const isTemporaryRefusal = (result: Answer<unknown>): boolean =>
  result.kind === 'refused' && result.refusal === 'not-known-yet';

async function find(
  tx: Pick<Database, 'query'>,
  call: Call,
  key: string,
): Promise<Stored | undefined> {
  const { rows } = await tx.query<Stored>({
    name: 'answered-find',
    text: 'SELECT request_hash, response, refusal, refusal_field, problems FROM answered_commands WHERE organisation = $1 AND rpc = $2 AND key = $3',
    values: [call.actor.organisation, call.rpc, key],
  });
  return rows[0];
}

function storedAnswer<Response>(
  stored: Stored,
  hash: Buffer,
  codec: AnswerCodec<Response>,
): Answer<Response> {
  if (!stored.request_hash.equals(hash)) return refused('key-reused', 'idempotency-key');
  if (stored.response) return { kind: 'answer', response: codec.read(stored.response) };
  const again = refused(stored.refusal ?? 'refused', stored.refusal_field ?? undefined);
  return stored.problems ? { ...again, problems: stored.problems } : again;
}

interface Answered {
  readonly call: Call;
  readonly key: string;
  readonly hash: Buffer;
  readonly response: Buffer | null;
  readonly refused: Refused | undefined;
}

const ANSWERED: WriteSet<Answered> = {
  name: 'answered-store',
  text: `INSERT INTO answered_commands (organisation, rpc, key, request_hash, response, refusal, refusal_field, problems)
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::jsonb[])`,
  values: (rows) => [
    rows.map(({ call }) => call.actor.organisation),
    rows.map(({ call }) => call.rpc),
    rows.map(({ key }) => key),
    rows.map(({ hash }) => hash),
    rows.map(({ response }) => response),
    rows.map(({ refused }) => refused?.refusal ?? null),
    rows.map(({ refused }) => refused?.field ?? null),
    rows.map(({ refused }) => (refused?.problems ? JSON.stringify(refused.problems) : null)),
  ],
};

/** Stored with the commit, where the same command that ran concurrently is found. */
const store = <Response>(
  tx: Transaction,
  call: Call,
  key: string,
  hash: Buffer,
  result: Answer<Response>,
  codec: AnswerCodec<Response>,
): void =>
  tx.write(ANSWERED, {
    call,
    key,
    hash,
    response: result.kind === 'answer' ? Buffer.from(codec.write(result.response)) : null,
    refused: result.kind === 'refused' ? result : undefined,
  });

/** Deletes answers older than seven days of real time. Each service calls it at intervals. */
export async function deleteOldAnswers(database: Database): Promise<void> {
  await database.query({
    name: 'answered-delete-old',
    text: `DELETE FROM answered_commands WHERE answered_at < now() - interval '7 days'`,
  });
}
