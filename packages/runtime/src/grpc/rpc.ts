import type { z } from 'zod';
import type { Transaction } from '../unit-of-work.ts';
import type { Answer, Call, Refused } from './answer.ts';
import type { FieldProblem } from './status.ts';

/** One rpc of a service: the check of its request, and the handler inside a transaction. */
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

/** Each request of the stream is answered separately, also when it is refused. */
export interface ExchangeRpc<Request, Response> {
  readonly kind: 'exchange';
  readonly check: (
    request: Request,
  ) => Checked<(tx: Transaction, call: Call) => Promise<Answer<Response>>>;
  /** The answer to a refused request: its first problem, and all of them. The request is undefined when its bytes were not a message. */
  readonly refuse: (
    request: Request | undefined,
    refusal: string,
    field: string,
    problems: readonly FieldProblem[],
  ) => Response;
}

/** Resolves when the client can receive more, so that a slow client slows only its own stream. */
export type Send<Response> = (response: Response) => Promise<void>;

type Checked<Work> =
  | { readonly ok: true; readonly work: Work }
  | { readonly ok: false; readonly problems: readonly { field: string; rule: string }[] };

/** An rpc with one answer. The proto states whether it is a command or a read (`idempotency_level`). */
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

/** An rpc with many answers, until all are sent or the caller leaves. It may be refused before its first answer. */
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
 * An rpc with many requests, one after another. Each is handled in its own transaction and answered, also when it is refused. A repeated
 * request must change nothing, because there is no idempotency key for each.
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

/** Each field with the rule that it violates. For an optional field, the rule is that of the value, not that of the empty alternative. */
const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  at: readonly PropertyKey[] = [],
): FieldProblem[] =>
  issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    const lastAlternative = issue.code === 'invalid_union' ? issue.errors.at(-1) : undefined;
    return lastAlternative
      ? problemsOf(lastAlternative, path)
      : [{ field: fieldName(path), rule: ruleOf(issue) }];
  });

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The field name as in the proto: `need.excluded_regions[2]`. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${snake(String(part))}`,
    )
    .join('') || 'request';

/** The text of the rule. Zod's text for a missing message is replaced. */
const ruleOf = (issue: { readonly code: string; readonly message: string }): string =>
  issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')
    ? 'must be given'
    : issue.message;
