import type { z } from 'zod';
import type { Transaction } from '../postgres.ts';
import type { Answer, Call, Refused } from './answer.ts';
import type { FieldProblem } from './status.ts';

/** One rpc of a service: how its request is checked, and what handles it inside a transaction. */
export type Rpc<Request, Response> =
  | UnaryRpc<Request, Response>
  | StreamRpc<Request, Response>
  | ExchangeRpc<Request, Response>;

export interface UnaryRpc<Request, Response> {
  readonly kind: 'unary';
  readonly check: (
    request: Request,
  ) => Checked<(tx: Transaction, call: Call) => Promise<Answer<Response>>>;
}

export interface StreamRpc<Request, Response> {
  readonly kind: 'stream';
  readonly check: (
    request: Request,
  ) => Checked<
    (call: Call, send: Send<Response>, signal: AbortSignal) => Promise<Refused | undefined>
  >;
}

/** Each request of the stream is answered by itself, a bad one too. */
export interface ExchangeRpc<Request, Response> {
  readonly kind: 'exchange';
  readonly check: (
    request: Request,
  ) => Checked<(tx: Transaction, call: Call) => Promise<Answer<Response>>>;
  /** How a request that was not taken is answered: the first thing that is wrong with it, and all of them; undefined where its bytes were no message. */
  readonly refuse: (
    request: Request | undefined,
    refusal: string,
    field: string,
    problems: readonly FieldProblem[],
  ) => Response;
}

/** Resolves when the client can take more: a slow reader slows its own stream only. */
export type Send<Response> = (response: Response) => Promise<void>;

type Checked<Work> =
  | { readonly ok: true; readonly work: Work }
  | { readonly ok: false; readonly problems: readonly { field: string; rule: string }[] };

/** An rpc with one answer. Whether it is a command or a read stands in the proto (`idempotency_level`). */
export function unary<Request, Parsed, Response>(
  schema: z.ZodType<Parsed>,
  handle: (tx: Transaction, request: Parsed, call: Call) => Promise<Answer<Response>>,
): Rpc<Request, Response> {
  return {
    kind: 'unary',
    check: (request) =>
      bind(schema, request, (parsed) => (tx: Transaction, call: Call) => handle(tx, parsed, call)),
  };
}

/** An rpc with many answers: until all is said, or the caller leaves. It may refuse instead, before its first answer. */
export function streaming<Request, Parsed, Response>(
  schema: z.ZodType<Parsed>,
  handle: (
    request: Parsed,
    call: Call,
    send: Send<Response>,
    signal: AbortSignal,
  ) => Promise<Refused | undefined>,
): Rpc<Request, Response> {
  return {
    kind: 'stream',
    check: (request) =>
      bind(
        schema,
        request,
        (parsed) => (call: Call, send: Send<Response>, signal: AbortSignal) =>
          handle(parsed, call, send, signal),
      ),
  };
}

/**
 * An rpc to which many are sent, one after another: each is handled in its own transaction and answered, also where it is refused. Sent again, each
 * must change nothing, since there is no idempotency key for each.
 */
export function exchange<Request, Parsed, Response>(
  schema: z.ZodType<Parsed>,
  handle: (tx: Transaction, request: Parsed, call: Call) => Promise<Answer<Response>>,
  refuse: ExchangeRpc<Request, Response>['refuse'],
): Rpc<Request, Response> {
  return {
    kind: 'exchange',
    check: (request) =>
      bind(schema, request, (parsed) => (tx: Transaction, call: Call) => handle(tx, parsed, call)),
    refuse,
  };
}

function bind<Parsed, Work>(
  schema: z.ZodType<Parsed>,
  request: unknown,
  work: (parsed: Parsed) => Work,
): Checked<Work> {
  const read = schema.safeParse(request);
  if (read.success) return { ok: true, work: work(read.data) };
  return {
    ok: false,
    problems: problemsOf(read.error.issues),
  };
}

/** Each field with the rule that it broke. Where a field may be left out or be something, the rule is that of the something. */
const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  at: readonly PropertyKey[] = [],
): FieldProblem[] =>
  issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    const something = issue.code === 'invalid_union' ? issue.errors.at(-1) : undefined;
    return something
      ? problemsOf(something, path)
      : [{ field: fieldName(path), rule: ruleOf(issue) }];
  });

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The field as it stands in the proto: `need.excluded_regions[2]`. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${snake(String(part))}`,
    )
    .join('') || 'request';

/** The rule's own words; zod's for a missing message are put in ours. */
const ruleOf = (issue: { readonly code: string; readonly message: string }): string =>
  issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')
    ? 'must be given'
    : issue.message;
