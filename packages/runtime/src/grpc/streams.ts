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

/** What the handler of a stream needs from the server. */
export interface StreamContext {
  readonly database: Database;
  /** Authenticates the caller; throws when the caller may not call this rpc. */
  admit(incoming: Streamed): Promise<Call>;
  /** Begins the next record of a stream, a call with its own moment. Waits when the organisation has sent too much. */
  next(call: Call): Promise<Call>;
  failure(error: unknown): CallFailure;
  refusal(refused: Refused): CallFailure;
}

type Streamed = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** Resolves when the client can receive more, so that a slow client slows only its own stream. */
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

/** grpc-js sends the status of an emitted error. A destroyed stream sends none, and its caller would wait for ever. */
const endWith = (incoming: Streamed, failure: CallFailure): boolean =>
  incoming.emit('error', failure);

/** Handles one request with many answers, until the caller leaves. */
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
 * Handles many requests in order, each answered and in its own transaction. Answered requests stay valid when the stream breaks. A wrong
 * request is answered with its problems, and the next one is handled.
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
      // An error in the loop must still reach the caller, so the stream is not destroyed when the loop ends.
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
