/**
 * The commands of an operator: `npm run ops -- <command>`. They act on the platform that a file describes (the one that `npm start` wrote, or
 * `--platform <file>`), with the services' own least-privilege roles wherever they suffice.
 */
import { parseArgs } from 'node:util';
import { exitCodes, isUnreachable } from '@opennrm/infra/cli';
import { inRepository } from '@opennrm/infra/local';
import { commands, helpOf, overview } from './commands.ts';
import { OpsError, openPlatform, Unreachable } from './open-platform.ts';
import { operatorOf } from './operator.ts';

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

/** @returns the exit code. @throws an error that is a fault of this program. */
function reportError(error: unknown): number {
  if (error instanceof Unreachable || isUnreachable(error)) {
    const why =
      error instanceof Unreachable
        ? error.message
        : 'PostgreSQL or Kafka of this platform does not answer.';
    console.error(
      `${why} Start it with npm start, or name another platform with --platform <file>.`,
    );
    return exitCodes.unreachable;
  }
  if (!(error instanceof OpsError)) throw error;
  console.error(`${error.message}\n\nnpm run ops -- help lists the commands.`);
  return exitCodes.usageError;
}

try {
  process.exitCode = await runCommand();
} catch (error) {
  process.exitCode = reportError(error);
}
