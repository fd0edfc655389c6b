import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reaper } from './reaper.ts';

/** A temporary directory that is removed at the end, also after a crash of the launcher. */
export interface Scratch {
  readonly path: string;
  remove(): Promise<void>;
}

export async function scratchDirectory(name: string): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), `opennrm-${name}-`));
  reaper().remove(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 10 });
      reaper().keep(path);
    },
  };
}
