import {
  context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** What is traced: a call, a transaction, a batch that is sent, a slice that was received. */
export type SpanName = 'call' | 'transaction' | 'relay' | 'slice';

/** All facts that a span may have: names of this platform, codes, numbers and random ids. It has no field for personal text. */
export interface SpanFacts {
  /** The path of the rpc. */
  readonly rpc?: string;
  readonly refusal?: string;
  readonly topic?: string;
  readonly messages?: number;
  readonly oldestSeconds?: number;
  /** `ce_id` of the first message. It is the same on both sides of a topic, for an operator who may read both. */
  readonly firstMessageId?: string;
}

export interface SpanOptions {
  /** Begins a new trace: work that events of other controllers caused never continues their trace (design rule 4). */
  readonly root?: boolean;
  /** Traces of this service that caused this work, as `traceparent` (W3C Trace Context). */
  readonly from?: readonly string[];
}

const LINKS = 32;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
// looked up at each use: it is a no-op until tracing is started
const tracer = () => trace.getTracer('opennrm');

/** Runs work within a span; without an exporter it costs almost nothing. An error's name and code are recorded, never its message. */
export function inSpan<T>(
  name: SpanName,
  facts: SpanFacts,
  work: (addFacts: (more: SpanFacts) => void) => Promise<T>,
  { root = false, from = [] }: SpanOptions = {},
): Promise<T> {
  const links = from.slice(0, LINKS).flatMap(linkOf);
  const options = { attributes: attributesOf(facts), root, links };
  return tracer().startActiveSpan(
    name,
    options,
    root ? ROOT_CONTEXT : context.active(),
    async (span) => {
      try {
        return await work((more) => void span.setAttributes(attributesOf(more)));
      } catch (error) {
        failed(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
  );
}

/** The current trace, to be stored with the messages that it causes; undefined when nothing is traced. */
export function currentTrace(): string | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (!spanContext || !isSpanContextValid(spanContext)) return undefined;
  return `00-${spanContext.traceId}-${spanContext.spanId}-${spanContext.traceFlags.toString(16).padStart(2, '0')}`;
}

function linkOf(traceparent: string): Link[] {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return [];
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags, 16) } }];
}

const names: Readonly<Record<keyof SpanFacts, string>> = {
  rpc: 'rpc.method',
  refusal: 'opennrm.refusal',
  topic: 'messaging.destination.name',
  messages: 'messaging.batch.message_count',
  oldestSeconds: 'opennrm.oldest_seconds',
  firstMessageId: 'messaging.message.id',
};

const attributesOf = (facts: SpanFacts): Record<string, string | number> =>
  Object.fromEntries(
    (Object.keys(names) as (keyof SpanFacts)[]).flatMap((fact) => {
      const value = facts[fact];
      return value === undefined ? [] : [[names[fact], value]];
    }),
  );

function failed(span: Span, error: unknown): void {
  const { name, code } = error as { name?: unknown; code?: unknown };
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', [name, code].filter((part) => part !== undefined).join(' '));
}
