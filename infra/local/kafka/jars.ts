import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandMissing, runToEnd } from '../process/run-to-end.ts';
import type { Progress } from '../repository.ts';

const NEEDED_JAVA = 17;

/** The directory with Kafka's jars: the cache, filled with Maven the first time. */
export async function kafkaJars(progress: Progress): Promise<string> {
  const root = process.env.OPENNRM_CACHE ?? join(homedir(), '.cache', 'opennrm');
  const cache = join(root, 'kafka-4.3.1');
  if (existsSync(cache)) return cache;
  await mkdir(root, { recursive: true });
  progress('Fetching Apache Kafka 4.3.1 with Maven (44 MB, once) …');
  // Filled in another folder and then renamed, so that no process reads a half-filled cache. Of two at the same time the first wins.
  const filling = await mkdtemp(`${cache}-filling-`);
  try {
    await copyJars(filling);
    await rename(filling, cache).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(cache)) throw error;
    });
  } finally {
    await rm(filling, { recursive: true, force: true });
  }
  return cache;
}

async function copyJars(directory: string): Promise<void> {
  const pom = fileURLToPath(new URL('./pom.xml', import.meta.url));
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${directory}`,
  ];
  await runToEnd('mvn', ['-q', '-B', '-f', pom, ...goal], { cwd: dirname(pom) });
}

/**
 * The `java` command: from JAVA_HOME, else from the path.
 * @throws CommandMissing when there is none or it is older than Java 17.
 */
export async function javaCommand(): Promise<string> {
  const home = process.env.JAVA_HOME;
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  const output = await runToEnd(java, ['-version']);
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (version < NEEDED_JAVA)
    throw new CommandMissing(`Java ${NEEDED_JAVA} was not found (there is Java ${version})`);
  return java;
}
