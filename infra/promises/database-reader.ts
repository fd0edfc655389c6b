/** How the databases of a platform are looked at, whoever describes where they are. */
export interface DatabaseReader {
  readonly services: readonly string[];
  /** Reads a service's database. */
  rows<Row>(service: string, sql: string): Promise<Row[]>;
  /** Business time, in milliseconds. */
  now(): number;
}
