import type { OpenPlatform } from './open-platform.ts';

/** The arguments of a command. */
export interface CommandArguments {
  readonly subjects: readonly string[];
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly to?: string | undefined;
  readonly skip: boolean;
  /** Without it a command that changes something only prints what it would do. */
  readonly yes: boolean;
  /** The id of the operator, for the record; `nobody` where a command only reads. */
  readonly person: string;
}

/** A command of an operator. */
export interface Command {
  /** The arguments after its name, for the help. */
  readonly subjects: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** When to use it, what it changes, and what to do next. */
  readonly help: string;
  /** `reads` only reads; `idempotent` needs an operator's token and is harmless to repeat; `changes` needs `--yes` too. */
  readonly effect: 'reads' | 'idempotent' | 'changes';
  /** @returns the exit code: 0 done, or nothing to do; 1 an operator must act. */
  run(platform: OpenPlatform, asked: CommandArguments): Promise<number>;
}
