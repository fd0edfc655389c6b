import { faultOf } from '@opennrm/runtime';

/** Exit codes: success, a person must act, wrong usage, or a server that the command needs cannot be reached. */
export const exitCodes = { ok: 0, needsPerson: 1, usageError: 2, unreachable: 3 } as const;

/**
 * Reads the options of a command. `--help` prints its help. Wrong usage prints one sentence without a stack trace.
 * @param read throws an Error with a sentence that names the option and its valid values.
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
    process.stderr.write(`${(error as Error).message}\n--help lists the options.\n`);
    return process.exit(exitCodes.usageError);
  }
}

/** Whether an error means that a server does not answer, and not that the work itself failed. */
export const isUnreachable = (error: unknown): boolean =>
  (error instanceof Error && error.name.startsWith('KafkaJS')) || faultOf(error) === 'transient';

/** Ends the process because it cannot reach a server or find a program that it needs. */
export function cannotStart(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitCodes.unreachable);
}
