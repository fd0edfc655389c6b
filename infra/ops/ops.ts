/**
 * What an operator does by hand: `npm run ops -- <command>`. It acts on the platform that a file describes (written by `npm start`; another
 * one by `--platform <file>`), as the services' own least-privilege roles wherever they suffice.
 */
import { parseArgs } from 'node:util';
import { exitCodes, isUnreachable } from '@opennrm/infra/cli';
import { inRepository } from '@opennrm/infra/local';
import type { Command } from './command.ts';
import { lag } from './lag.ts';
import { migrate } from './migrate.ts';
import { OpsError, openPlatform, Unreachable } from './open-platform.ts';
import { operatorOf } from './operator.ts';
import { parked, release } from './parked.ts';
import { rebuild } from './rebuild.ts';
import { reconcile } from './reconcile.ts';
import { replay } from './replay.ts';
import { rewind } from './rewind.ts';
import { afterRestore, resend } from './senders.ts';
import { status } from './status.ts';
import { verify } from './verify.ts';

const commands: Readonly<Record<string, Command>> = {
  status,
  lag,
  parked,
  reconcile,
  verify,
  release,
  replay,
  resend,
  rewind,
  rebuild,
  'after-restore': afterRestore,
  migrate,
};

const effects = {
  reads: 'It looks only.',
  idempotent: 'It needs a token with the role operator (OPENNRM_TOKEN), and is harmless to repeat.',
  changes:
    'It needs a token with the role operator (OPENNRM_TOKEN), and --yes; without --yes it says what it would do.',
};

const usageOf = (name: string, { subjects }: Command): string => `${name} ${subjects}`.trim();

const overview = (): string => {
  const lines = Object.entries(commands).map(
    ([name, one]) => `  ${usageOf(name, one).padEnd(54)} ${one.summary}`,
  );
  const platform = '  --platform <file>: where the platform is; default .opennrm/platform.json';
  const codes =
    'Exit codes: 0 well, 1 something needs an operator, 2 used wrongly, 3 the platform cannot be reached';
  return `npm run ops -- <command>, or <command> --help\n\n${lines.join('\n')}\n\n${platform}\n\n${codes}`;
};

const helpOf = (name: string, command: Command): string =>
  `npm run ops -- ${usageOf(name, command)}\n\n${command.summary}\n\n${command.help}\n\n${effects[command.effect]}`;

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        platform: { type: 'string', default: inRepository('.opennrm/platform.json') },
        since: { type: 'string' },
        until: { type: 'string' },
        to: { type: 'string' },
        skip: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new OpsError((error as Error).message);
  }
}

async function runCommand(): Promise<number> {
  const { values, positionals } = read();
  const [name, ...subjects] = positionals;
  if (name === undefined || name === 'help') {
    console.log(overview());
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new OpsError(`There is no command ${name}.`);
  if (values.help) {
    console.log(helpOf(name, command));
    return 0;
  }
  const platform = await openPlatform(values.platform);
  try {
    const person =
      command.effect === 'reads' ? 'nobody' : await operatorOf(name, platform.file.identity);
    return await command.run(platform, { ...values, subjects, person });
  } finally {
    await platform.close();
  }
}

/** @returns the exit code. @throws what is a fault of this program. */
function reportError(error: unknown): number {
  if (error instanceof Unreachable || isUnreachable(error)) {
    const why =
      error instanceof Unreachable
        ? error.message
        : 'PostgreSQL or Kafka of this platform does not answer.';
    console.error(`${why} Start it with npm start, or name another with --platform <file>.`);
    return exitCodes.unreachable;
  }
  if (!(error instanceof OpsError)) throw error;
  console.error(`${error.message}\n\nnpm run ops -- help lists what there is.`);
  return exitCodes.usageError;
}

try {
  process.exitCode = await runCommand();
} catch (error) {
  process.exitCode = reportError(error);
}
