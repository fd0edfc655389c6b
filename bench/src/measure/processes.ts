import { readdirSync, readFileSync } from 'node:fs';
import type { Platform, RunningKafka, RunningPostgres } from '@opennrm/infra/local';
import pg from 'pg';

/** Process ids by the name under which they are reported. */
export type Pids = Readonly<Record<string, readonly number[]>>;

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Of the process and of its ended children that it has waited for. Seconds. */
  readonly cpu: number;
  readonly residentBytes: number;
}

/** Only Linux gives these numbers without a tool. On other systems nothing is reported, so that no number is wrong. */
function stats(): Stat[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // the name in parentheses may contain any character
      const field = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [parent = 0] = [field[1]];
      const ticks = [11, 12, 13, 14].reduce((sum, nth) => sum + (field[nth] ?? 0), 0);
      return [
        {
          pid: Number(entry),
          parent,
          cpu: ticks / TICKS_PER_SECOND,
          residentBytes: (field[21] ?? 0) * PAGE_BYTES,
        },
      ];
    } catch {
      return []; // the process ended before it was read
    }
  });
}

const withChildren = (all: readonly Stat[], pids: readonly number[]): Stat[] =>
  all.filter(({ pid, parent }) => pids.includes(pid) || pids.includes(parent));

/** Processor seconds of each process since it started. */
export function cpuSeconds(pids: Pids): Record<string, number> {
  const all = stats();
  return Object.fromEntries(
    Object.entries(pids).map(([name, own]) => [
      name,
      withChildren(all, own).reduce((sum, { cpu }) => sum + cpu, 0),
    ]),
  );
}

/** Memory of each process now, in MiB. Shared pages are counted by proportion where the kernel reports it. */
export function residentMiB(pids: Pids): Record<string, number> {
  const all = stats();
  return Object.fromEntries(
    Object.entries(pids).map(([name, own]) => {
      const bytes = withChildren(all, own).map((one) => proportional(one.pid) ?? one.residentBytes);
      return [name, Math.round(bytes.reduce((sum, one) => sum + one, 0) / 1_048_576)];
    }),
  );
}

function proportional(pid: number): number | undefined {
  try {
    const kib = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1_024;
  } catch {
    return undefined;
  }
}

/** The PostgreSQL process that is the parent of all others. */
export async function postmasterOf(postgres: RunningPostgres): Promise<number[]> {
  const client = new pg.Client({ connectionString: postgres.adminUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const parent = stats().find(({ pid }) => pid === rows[0]?.pid)?.parent;
  await client.end();
  return parent === undefined ? [] : [parent];
}

export const kafkaPids = (kafka: RunningKafka): number[] =>
  kafka.nodes.flatMap((node) => {
    const pid = node.pid();
    return pid === undefined ? [] : [pid];
  });

export const servicePids = (platform: Platform): Record<string, number[]> =>
  Object.fromEntries(
    platform.services.map(({ name, replicas }) => [
      name,
      replicas.flatMap((one) => {
        const pid = one.process.pid();
        return pid === undefined ? [] : [pid];
      }),
    ]),
  );

/** Processor seconds that the whole machine has been busy with any process. `stolen` seconds went to other machines on the same host. */
export function machineBusySeconds(): number {
  if (process.platform !== 'linux') return 0;
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + stolen) / TICKS_PER_SECOND;
}
