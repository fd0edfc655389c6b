import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  ServerDuplexStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import type { Database } from '../postgres.ts';
import type { Call, Refused } from './answer.ts';
import { Malformed } from './malformed.ts';
import { withRetries } from './retries.ts';
import type { ExchangeRpc, StreamRpc } from './rpc.ts';
import { badRequest, type CallFailure, type FieldProblem } from './status.ts';

/** What a stream needs of the door that it comes through. */
export interface Door {
  readonly database: Database;
  /** Who calls; throws where this caller may not. */
  admit(incoming: Streamed): Promise<Call>;
  /** The next record of a stream: a call of its own, at its own moment; waits where the organisation has sent too much. */
  next(call: Call): Promise<Call>;
  failure(error: unknown): CallFailure;
  refusal(refused: Refused): CallFailure;
}

type Streamed = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** Writes when the client can take it: a slow reader slows its own stream only. */
function sender(incoming: Streamed, leaving: AbortSignal) {
  return (response: unknown): Promise<void> =>
    incoming.write(response) || leaving.aborted
      ? Promise.resolve()
      : new Promise((resolve) => {
          incoming.once('drain', resolve);
          leaving.addEventListener('abort', () => resolve(), { once: true });
        });
}

function leavingOf(incoming: Streamed): AbortSignal {
  const leaving = new AbortController();
  incoming.on('cancelled', () => leaving.abort());
  incoming.on('close', () => leaving.abort());
  return leaving.signal;
}

/** grpc-js sends the status of an error that is emitted; a stream that is destroyed sends none, and its caller waits for ever. */
const endWith = (incoming: Streamed, failure: CallFailure): boolean => incoming.emit('error', failure);

/** One request, and answers until the caller leaves. */
export const answering =
  (door: Door, rpc: StreamRpc<unknown, unknown>): handleServerStreamingCall<unknown, unknown> =>
  (incoming) => {
    const leaving = leavingOf(incoming);
    door
      .admit(incoming)
      .then((call) => {
        const checked = rpc.check(incoming.request);
        if (!checked.ok) throw badRequest(checked.problems);
        return checked.work(call, sender(incoming, leaving), leaving);
      })
      .then((refused) => {
        if (refused) endWith(incoming, door.refusal(refused));
        else incoming.end();
      })
      .catch((error: unknown) => endWith(incoming, door.failure(error)));
  };

/**
 * Many requests, each answered by itself and in its own transaction, in their order: what was answered stands, whatever becomes of the stream. A bad
 * one is answered with what is wrong with it, and the next goes on.
 */
export const exchanging =
  (door: Door, rpc: ExchangeRpc<unknown, unknown>): handleBidiStreamingCall<unknown, unknown> =>
  (incoming) => {
    const leaving = leavingOf(incoming);
    const send = sender(incoming, leaving);
    const exchange = async (): Promise<void> => {
      const call = await door.admit(incoming);
      // What is thrown in here must still reach the caller: the stream outlives the loop.
      for await (const request of incoming.iterator({ destroyOnReturn: false })) {
        if (leaving.aborted) return;
        await send(await answerTo(door, rpc, await door.next(call), request));
      }
    };
    exchange()
      .then(() => incoming.end())
      .catch((error: unknown) => {
        if (!leaving.aborted) endWith(incoming, door.failure(error));
      });
  };

async function answerTo(door: Door, rpc: ExchangeRpc<unknown, unknown>, call: Call, request: unknown) {
  if (request instanceof Malformed) return refused(rpc, undefined, [{ field: 'request', rule: 'not-a-message' }]);
  const checked = rpc.check(request);
  if (!checked.ok) return refused(rpc, request, checked.problems);
  const given = await withRetries(() => door.database.transaction((tx) => checked.work(tx, call)));
  return given.kind === 'answer'
    ? given.response
    : refused(rpc, request, [{ field: given.field ?? '', rule: given.refusal }]);
}

function refused(rpc: ExchangeRpc<unknown, unknown>, request: unknown, problems: readonly FieldProblem[]): unknown {
  const [first] = problems;
  return rpc.refuse(request, first?.rule ?? 'must be given', first?.field ?? 'request', problems);
}
