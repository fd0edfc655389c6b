import type { LogEntry } from 'kafkajs';

export interface ClientProblem {
  /** The part of kafkajs that says so. */
  readonly kafka: string;
  /** The request that a broker refused, by the protocol's name: `OffsetCommit`. */
  readonly request?: string;
  /** What the broker answered, in the protocol's own sentence. */
  readonly answer?: string;
}

const ANSWER = /^Response (?<request>\w+)\(/;

/**
 * What may stand in our log of a line of kafkajs. It puts hosts and whole requests into its lines; only the name of a request and the answer of a
 * broker are kept, which the protocol fixes for every request but those that show who one is (`Sasl…`).
 */
export function clientProblemOf({
  namespace,
  log,
}: Pick<LogEntry, 'namespace' | 'log'>): ClientProblem {
  const request = ANSWER.exec(log.message)?.groups?.request;
  if (request === undefined || request.startsWith('Sasl')) return { kafka: namespace };
  return { kafka: namespace, request, answer: String(log.error) };
}
