import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inRepository, writePlatformFile } from '@opennrm/infra/local';
import type { World } from './world.ts';

/** Runs `npm run ops -- …` on the platform of this world. @returns what it printed; its exit code is ignored. */
export async function ops(world: World, ...args: string[]): Promise<string> {
  const file = join(world.platform.directory, 'platform.json');
  await writePlatformFile(world.platform, file);
  const command = [inRepository('infra/ops/ops.ts'), '--platform', file, ...args];
  const { token } = await world.operators.as('operator');
  const env = { ...process.env, OPENNRM_TOKEN: token };
  const outcome = await promisify(execFile)(process.execPath, command, { env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return outcome.stdout + outcome.stderr;
}
