import pg from 'pg';

/** Reads or writes as the owner of a database, on a connection of its own. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** A count that is observed: its rate from its first change to its end. */
export interface Slope {
  readonly perSecond: number;
  readonly seconds: number;
}

const LOOK_MS = 20;
const GIVE_UP_MS = 120_000;

/** Reads a count until it is `end`. The time until the first change is not counted: a process may still be starting. */
export async function slopeTo(
  databaseUrl: string,
  countSql: string,
  values: readonly unknown[],
  end: number,
): Promise<Slope> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const look = async (): Promise<{ at: number; count: number }> => {
    const { rows } = await client.query<{ count: number }>({
      name: 'count',
      text: countSql,
      values: [...values],
    });
    return { at: performance.now(), count: rows[0]?.count ?? 0 };
  };
  try {
    const first = await look();
    let moved: typeof first | undefined;
    for (;;) {
      const now = await look();
      if (moved === undefined && now.count !== first.count) moved = now;
      if (moved && now.count === end) {
        const seconds = Math.max(0.001, (now.at - moved.at) / 1_000);
        return { seconds, perSecond: Math.round(Math.abs(end - moved.count) / seconds) };
      }
      if (now.at - first.at > GIVE_UP_MS)
        throw new Error(`${countSql} stayed at ${now.count}, not ${end}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    await client.end();
  }
}
