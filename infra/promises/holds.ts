import { manifests } from '../local/manifests.ts';
import type { DatabaseReader } from './database-reader.ts';

/** A live hold of any provider, as its service's manifest reads it. */
export interface Hold extends HoldRow {
  /** The service that keeps it. */
  readonly provider: string;
}

interface HoldRow {
  readonly hold_id: string;
  readonly status: 'held' | 'confirmed' | 'started';
  readonly units: readonly string[];
}

/** The live holds of every provider that this platform has. */
export async function holdsOfEveryProvider(reader: DatabaseReader): Promise<readonly Hold[]> {
  const found = await Promise.all(
    manifests.map(async ({ name: provider, holds }) => {
      if (holds === undefined || !reader.services.includes(provider)) return [];
      const rows = await reader.rows<HoldRow>(provider, holds);
      return rows.map((row) => ({ ...row, provider }));
    }),
  );
  return found.flat();
}
