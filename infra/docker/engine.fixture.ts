/** The container engine of this machine, for specs that need one. Without it they fail with a sentence that states what to do. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findImage } from '../local/docker.ts';

const run = promisify(execFile);

/** @throws Error with one sentence that names the image and what to do. */
export async function requireImage(name: string): Promise<void> {
  const image = await findImage(name, () => undefined);
  if (!('missing' in image)) return;
  const how =
    'Start Docker; without a registry, make the images with `infra/docker/local-images.sh`.';
  throw new Error(`\`npm run test:docker\` needs ${name}: ${image.missing}. ${how}`);
}

/** Names of all containers that infra/local created, running or not. */
export async function containers(): Promise<string[]> {
  const { stdout } = await run('docker', [
    'ps',
    '--all',
    '--filter',
    'name=^/?opennrm-[0-9a-f]{8}-',
    '--format',
    '{{.Names}}',
  ]);
  return stdout.split('\n').filter((name) => name !== '');
}
