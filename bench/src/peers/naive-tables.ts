/** The messages that are not published yet, in each of the two databases. */
export const NAIVE_TABLES = `CREATE TABLE message (id uuid PRIMARY KEY, topic text NOT NULL, key text NOT NULL, type text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(), published boolean NOT NULL DEFAULT false);
  CREATE INDEX unpublished ON message (at) WHERE NOT published;`;
