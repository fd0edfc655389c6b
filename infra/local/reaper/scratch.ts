import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reaper } from './reaper.ts';

/** A temporary directory that is removed at the end, also after a crash of the launcher. */
export interface Scratch {
  readonly path: string;
  remove(): Promise<void>;
}

export const scratchDirectory = (name: string): Promise<Scratch> => scratchIn(tmpdir(), name);

/** Linux's file system in memory. */
const MEMORY = '/dev/shm';

/** Free memory that must be there: more than twice what the data of all specs need at their most (1.5 GB). */
const FREE_BYTES = 4 * 2 ** 30;

/**
 * A directory for data that nobody needs after a crash: in memory where there is enough of it, else as `scratchDirectory`. Creating and dropping
 * a database is many small files, which cost a disk's file system a third of the time of the specs.
 */
export async function memoryDirectory(name: string): Promise<Scratch> {
  return scratchIn((await hasRoom(MEMORY)) ? MEMORY : tmpdir(), name);
}

async function hasRoom(directory: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return Math.min(bavail * bsize, process.availableMemory()) >= FREE_BYTES;
  } catch {
    return false;
  }
}

async function scratchIn(parent: string, name: string): Promise<Scratch> {
  const path = await mkdtemp(join(parent, `opennrm-${name}-`));
  reaper().remove(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 10 });
      reaper().keep(path);
    },
  };
}
