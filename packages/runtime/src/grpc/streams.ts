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
export interface StreamContext {
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
function sender(incoming: Streamed, cancellation: AbortSignal) {
  return (response: unknown): Promise<void> =>
    incoming.write(response) || cancellation.aborted
      ? Promise.resolve()
      : new Promise((resolve) => {
          incoming.once('drain', resolve);
          cancellation.addEventListener('abort', () => resolve(), { once: true });
        });
}

function cancellationOf(incoming: Streamed): AbortSignal {
  const cancellation = new AbortController();
  incoming.on('cancelled', () => cancellation.abort());
  incoming.on('close', () => cancellation.abort());
  return cancellation.signal;
}

/** grpc-js sends the status of an error that is emitted; a stream that is destroyed sends none, and its caller waits for ever. */
const endWith = (incoming: Streamed, failure: CallFailure): boolean =>
  incoming.emit('error', failure);

/** One request, and answers until the caller leaves. */
export const serverStreamHandler =
  (
    context: StreamContext,
    rpc: StreamRpc<unknown, unknown>,
  ): handleServerStreamingCall<unknown, unknown> =>
  (incoming) => {
    const cancellation = cancellationOf(incoming);
    context
      .admit(incoming)
      .then((call) => {
        const checked = rpc.check(incoming.request);
        if (!checked.ok) throw badRequest(checked.problems);
        return checked.work(call, sender(incoming, cancellation), cancellation);
      })
      .then((refused) => {
        if (refused) endWith(incoming, context.refusal(refused));
        else incoming.end();
      })
      .catch((error: unknown) => endWith(incoming, context.failure(error)));
  };

/**
 * Many requests, each answered by itself and in its own transaction, in their order: what was answered stands, whatever becomes of the stream. A bad
 * one is answered with what is wrong with it, and the next goes on.
 */
export const bidiStreamHandler =
  (
    context: StreamContext,
    rpc: ExchangeRpc<unknown, unknown>,
  ): handleBidiStreamingCall<unknown, unknown> =>
  (incoming) => {
    const cancellation = cancellationOf(incoming);
    const send = sender(incoming, cancellation);
    const exchange = async (): Promise<void> => {
      const call = await context.admit(incoming);
      // What is thrown in here must still reach the caller: the stream outlives the loop.
      for await (const request of incoming.iterator({ destroyOnReturn: false })) {
        if (cancellation.aborted) return;
        await send(await answerTo(context, rpc, await context.next(call), request));
      }
    };
    exchange()
      .then(() => incoming.end())
      .catch((error: unknown) => {
        if (!cancellation.aborted) endWith(incoming, context.failure(error));
      });
  };

async function answerTo(
  context: StreamContext,
  rpc: ExchangeRpc<unknown, unknown>,
  call: Call,
  request: unknown,
) {
  if (request instanceof Malformed)
    return refused(rpc, undefined, [{ field: 'request', rule: 'not-a-message' }]);
  const checked = rpc.check(request);
  if (!checked.ok) return refused(rpc, request, checked.problems);
  const result = await withRetries(() =>
    context.database.transaction((tx) => checked.work(tx, call)),
  );
  return result.kind === 'answer'
    ? result.response
    : refused(rpc, request, [{ field: result.field ?? '', rule: result.refusal }]);
}

function refused(
  rpc: ExchangeRpc<unknown, unknown>,
  request: unknown,
  problems: readonly FieldProblem[],
): unknown {
  const [first] = problems;
  return rpc.refuse(request, first?.rule ?? 'must be given', first?.field ?? 'request', problems);
}
