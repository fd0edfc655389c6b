import { asAdmin } from '@opennrm/infra/local';

/** For each table: its number of rows and a digest of them. */
export type Contents = Readonly<Record<string, string>>;

/** The contents of every table as the owner role reads them, without the stored answers of commands. */
export const contentsOf = (ownerUrl: string): Promise<Contents> =>
  asAdmin(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'answered_commands' ORDER BY tablename`,
    );
    const digests = rows.map(
      ({ name }) =>
        `SELECT '${name}' AS name, count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS digest FROM ${name} t`,
    );
    const { rows: tables } = await owner.query<{ name: string; digest: string }>(
      digests.join(' UNION ALL '),
    );
    return Object.fromEntries(tables.map(({ name, digest }) => [name, digest]));
  });
