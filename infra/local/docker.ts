import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type {
  ContainerRuntimeClient,
  GenericContainer,
  StartedTestContainer,
} from 'testcontainers';
import { withinTime } from './process/ready.ts';
import { reaper } from './reaper/reaper.ts';
import type { Progress } from './repository.ts';

const PING_WITHIN_MS = 2_000;
const PULL_WITHIN_MS = 90_000;

/** Either a container engine that has the image, or the reason why there is none. */
export type Image = { readonly host: string } | { readonly missing: string };

/** Asks the engine (within two seconds), and pulls a missing image (within ninety seconds). Never throws. */
export async function findImage(name: string, progress: Progress): Promise<Image> {
  const engine = await findEngine();
  if (!engine) return { missing: 'no Docker engine answered' };
  const { ImageName } = await import('testcontainers');
  const image = ImageName.fromString(name);
  try {
    if (!(await engine.image.exists(image))) {
      progress(`Pulling ${name} …`);
      if (
        (await withinTime(
          PULL_WITHIN_MS,
          engine.image.pull(image).then(() => true),
        )) !== true
      )
        return {
          missing: `Docker runs but ${name} was not pulled within ${PULL_WITHIN_MS / 1_000} s`,
        };
    }
    return { host: engine.info.containerRuntime.host };
  } catch (error) {
    return {
      missing: `Docker runs but ${name} is not on this machine and cannot be pulled (${reasonOf(error)})`,
    };
  }
}

/**
 * Starts a container whose name the reaper knows before, so that no container remains after a crash at any moment. Our reaper replaces
 * the one of testcontainers, and needs no second image.
 */
export async function startContainer(
  container: GenericContainer,
): Promise<{ readonly container: StartedTestContainer; stop(): Promise<void> }> {
  const name = `opennrm-${randomUUID()}`;
  reaper().container(name);
  const started = await container.withName(name).start();
  return {
    container: started,
    async stop() {
      await started.stop({ timeout: 0 });
      reaper().containerGone(name);
    },
  };
}

const LONGEST_REASON = 160;

/** The engine's message as a part of a sentence: one line without the client's own prefix, and not too long. */
export function reasonOf(error: unknown): string {
  const engineText = error instanceof Error ? error.message : String(error);
  const [line = ''] = engineText.replace(/^\(HTTP code \d+\) [^-]*- /, '').split('\n');
  return line.trim().slice(0, LONGEST_REASON) || 'no reason given';
}

/** testcontainers fails late and unclearly without an engine, so it is called only where an engine may exist. */
async function findEngine(): Promise<ContainerRuntimeClient | undefined> {
  const places = [
    '/var/run/docker.sock',
    join(homedir(), '.docker/run/docker.sock'),
    ...rootless(),
  ];
  const configured =
    process.env.DOCKER_HOST !== undefined ||
    existsSync(join(homedir(), '.testcontainers.properties'));
  if (!configured && !places.some((place) => existsSync(place))) return undefined;
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  return withinTime(PING_WITHIN_MS, getContainerRuntimeClient()).catch(() => undefined);
}

const rootless = (): string[] => {
  const directory = process.env.XDG_RUNTIME_DIR;
  return directory === undefined
    ? []
    : [join(directory, 'docker.sock'), join(directory, '.docker/run/docker.sock')];
};
