import type { LogEntry } from 'kafkajs';

export interface ClientProblem {
  /** The part of kafkajs that reports the problem. */
  readonly kafka: string;
  /** The request that a broker refused, by the name of the protocol, e.g. `OffsetCommit`. */
  readonly request?: string;
  /** The answer of the broker, in the words of the protocol. */
  readonly answer?: string;
}

const ANSWER = /^Response (?<request>\w+)\(/;

/**
 * What the log may contain from a line of kafkajs, which puts hosts and whole requests into its lines. Only the name of a request and the
 * answer of a broker are kept. The protocol fixes these texts for every request except authentication (`Sasl…`).
 */
export function clientProblemOf({
  namespace,
  log,
}: Pick<LogEntry, 'namespace' | 'log'>): ClientProblem {
  const request = ANSWER.exec(log.message)?.groups?.request;
  if (request === undefined || request.startsWith('Sasl')) return { kafka: namespace };
  return { kafka: namespace, request, answer: String(log.error) };
}
