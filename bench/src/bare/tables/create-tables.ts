import { readFile } from 'node:fs/promises';
import { asAdmin } from '@opennrm/infra/local';

/** The databases of the bare pipeline, each of one service. */
export type BareDatabase = 'referral' | 'shelter-capacity' | 'case-vault';

/**
 * Creates the tables and indexes of one database. The bare pipeline is the reference of every aim, so its tables are those of the
 * migrations at commit b324ce8, the last one of 0.1.0 (decision 23 came after it). They do not follow the migrations of the services.
 * Tables that no statement of the bare pipeline uses are left out, and so are the grants: it connects as the owner.
 */
export async function createTables(ownerUrl: string, database: BareDatabase): Promise<void> {
  const files = ['messages.sql', `${database}.sql`];
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')));
  await asAdmin(ownerUrl, async (owner) => {
    for (const text of texts) await owner.query(text);
  });
}
