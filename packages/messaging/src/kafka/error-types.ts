/** The names that the Kafka protocol gives to an error and to its causes. */
export function errorTypes(error: unknown): string[] {
  const { type, cause } = error as { type?: string; cause?: unknown };
  const deeper = cause === undefined || cause === null ? [] : errorTypes(cause);
  return type === undefined ? deeper : [type].concat(deeper);
}
