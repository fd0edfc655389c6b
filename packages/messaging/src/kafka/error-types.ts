/** The Kafka protocol's names of an error and of its causes. */
export function errorTypes(error: unknown): string[] {
  const { type, cause } = error as { type?: string; cause?: unknown };
  const deeper = cause === undefined || cause === null ? [] : errorTypes(cause);
  return type === undefined ? deeper : [type].concat(deeper);
}
