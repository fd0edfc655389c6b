import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importDirectory, readHsds, servicesOf } from '@opennrm/infra/directory';
import { inRepository, writeTokens } from '@opennrm/infra/local';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { eventually, type World } from '../world.ts';
import { openShell, type Shell } from './shell.ts';

const DIRECTORY = inRepository('infra/countries/sample/directory.hsds.json');
const HOUR_MS = 3_600_000;
/** The beginning of every id in the README. */
const OF_THE_README = '0b6f3c1e';
const STARTED = '"state": "started"';

/** The commands of the README's first five minutes, one string for each block, without `npm start`. */
function blocks(): string[] {
  const [, after = ''] = readFileSync(inRepository('README.md'), 'utf8').split(
    '## The first five minutes',
  );
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, block = '']) => block)
    .filter((block) => !block.startsWith('npm start'));
}

export function readmeCalls(world: () => World): void {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opennrm-readme-'));
    await asAfterNpmStart(world(), folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['on a weekday at ten', 0, OF_THE_README],
    ['at eleven at night', 13, '1b6f3c1e'],
    ['on a public holiday', 13, '2b6f3c1e'],
    ['on a Sunday', 5 * 24, '3b6f3c1e'],
  ])(
    'the commands of the README bring a person to a safe arrival, %s',
    async (_when, hoursOn, ids) => {
      await world().advanceTime(hoursOn * HOUR_MS);
      const shell = openShell(folder, await environment(world(), folder));
      onTestFinished(() => shell.end());
      const [definitions = '', ...steps] = blocks().map((block) =>
        block.replaceAll(OF_THE_README, ids),
      );
      const last = steps.pop() ?? '';
      await shell.run(definitions);
      for (const step of steps) await accepted(shell, step);
      await eventually(async () => expect(await shell.run(last)).toContain(STARTED));
    },
  );
}

/** Sends a step again while it is refused as too early. Waits, as the README says, until two shelters are asked. */
async function accepted(shell: Shell, step: string): Promise<void> {
  const isFirstLook = /^rpc coordinator GetReferral/.test(step);
  await eventually(async () => {
    const output = await shell.run(step);
    if (isFirstLook) expect(output.match(/"status": "open"/g)).toHaveLength(2);
  });
}

/** The state after `npm start`: the sample directory is imported, and the tokens are beside the protos. */
async function asAfterNpmStart(
  { platform, coordinators, accreditors }: World,
  folder: string,
): Promise<void> {
  const { service, issuer } = platform;
  const directory = await readHsds(DIRECTORY);
  await importDirectory(directory, {
    referralAddress: service('referral').grpcAddress,
    shelterAddress: service('shelter-capacity').grpcAddress,
    token: (organisation, role) => issuer.token({ person: randomUUID(), organisation, role }),
    accredit: { organisation: accreditors.id, until: '2099-12-31' },
    progress: () => undefined,
  });
  const bodies = { coordinator: coordinators.id, accreditor: accreditors.id };
  await writeTokens(issuer, join(folder, '.opennrm/tokens.json'), bodies, servicesOf(directory));
  await symlink(inRepository('proto'), join(folder, 'proto'));
  const grpcurl = join(folder, 'grpcurl');
  await writeFile(
    grpcurl,
    `#!/bin/sh\nexec node ${inRepository('tests/journeys/readme/grpcurl.ts')} "$@"\n`,
  );
  await chmod(grpcurl, 0o755);
}

/** The substitute for `grpcurl` is found first, and programs that the shell starts read business time. */
async function environment(
  { platform, now }: World,
  folder: string,
): Promise<Record<string, string>> {
  const clock = join(folder, 'clock.cjs');
  const ahead = now() - Date.now();
  await writeFile(clock, `const real = Date.now;\nDate.now = () => real() + ${ahead};\n`);
  return {
    PATH: `${folder}:${process.env.PATH}`,
    NODE_OPTIONS: `--require ${clock}`,
    ADDRESSES: JSON.stringify({
      '127.0.0.1:15051': platform.service('referral').grpcAddress,
      '127.0.0.1:15052': platform.service('shelter-capacity').grpcAddress,
    }),
  };
}
