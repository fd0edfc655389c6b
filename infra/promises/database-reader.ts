/** Reads the databases of a platform. The caller knows their addresses. */
export interface DatabaseReader {
  readonly services: readonly string[];
  /** Reads a service's database. */
  rows<Row>(service: string, sql: string): Promise<Row[]>;
  /** Business time, in milliseconds. */
  now(): number;
}
