import { faultOf } from '@opennrm/runtime';

/** How a command ends: well, something needs a person, it was used wrongly, or what it needs cannot be reached. */
export const exitCodes = { ok: 0, needsPerson: 1, usageError: 2, unreachable: 3 } as const;

/**
 * Reads the options of a command; `--help` prints what it does. Whoever uses it wrongly is told in one sentence, without a stack.
 * @param read throws an Error that says what may be given.
 */
export function commandLine<Options>(
  help: string,
  read: (args: readonly string[]) => Options,
): Options {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(`${help}\n`);
    process.exit(exitCodes.ok);
  }
  try {
    return read(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n--help says what may be given.\n`);
    return process.exit(exitCodes.usageError);
  }
}

/** Whether an error says that a server does not answer, and nothing of the work itself. */
export const isUnreachable = (error: unknown): boolean =>
  (error instanceof Error && error.name.startsWith('KafkaJS')) || faultOf(error) === 'transient';

/** Ends the process because a server or a program that it needs is not to be had. */
export function cannotStart(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitCodes.unreachable);
}
