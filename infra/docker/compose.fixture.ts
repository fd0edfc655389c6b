/** compose.yaml as a project of its own, with passwords made for the occasion and the keys of an issuer of the spec. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { passwordName } from '../deployment/regions.ts';
import { createIssuer, type Issuer, inRepository, manifests } from '../local/index.ts';
import { scratchDirectory } from '../local/reaper/scratch.ts';

const run = promisify(execFile);
const FILES = ['infra/compose.yaml', 'infra/docker/compose.trial.yaml'].flatMap((file) => [
  '-f',
  inRepository(file),
]);
const SECRETS = ['POSTGRES_PASSWORD'].concat(manifests.map(({ name }) => passwordName(name)));

export interface Composed {
  readonly issuer: Issuer;
  /** Runs `docker compose …` on the project. @returns what it printed. */
  compose(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** @throws one sentence when there is no compose command. */
export async function composed(): Promise<Composed> {
  const command = await composeCommand();
  const scratch = await scratchDirectory('compose');
  await chmod(scratch.path, 0o755); // the services' account reads the issuer's public keys in it
  const issuer = await createIssuer(scratch.path);
  const settings = [`TRIAL_IDENTITY=${scratch.path}`, 'IDENTITY_ISSUER=https://login.example.org'];
  settings.push('IDENTITY_JWKS=https://login.example.org/jwks.json');
  settings.push(`COUNTRY_PACK=${inRepository('infra/countries/sample')}`);
  for (const name of SECRETS) settings.push(`${name}=${randomBytes(24).toString('hex')}`);
  const file = join(scratch.path, '.env');
  await writeFile(file, `${settings.join('\n')}\n`, { mode: 0o600 });
  const project = [
    ...command.slice(1),
    '--project-name',
    'opennrm-trial',
    '--env-file',
    file,
    ...FILES,
  ];
  const compose = async (...args: string[]): Promise<string> => {
    return (await run(command[0] ?? '', [...project, ...args], { maxBuffer: 64 << 20 })).stdout;
  };
  const remove = async (): Promise<void> => {
    await compose('down', '--volumes', '--remove-orphans');
    await scratch.remove();
  };
  return { issuer, compose, remove };
}

async function composeCommand(): Promise<string[]> {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const [program = '', ...args] = command;
    if (await run(program, [...args, 'version']).catch(() => undefined)) return command;
  }
  throw new Error(
    '`npm run test:docker` needs Docker Compose: install the plugin (or `apt-get install docker-compose`).',
  );
}
