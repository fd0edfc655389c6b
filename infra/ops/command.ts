import type { OpenPlatform } from './open-platform.ts';

/** What an operator wrote after the command's name. */
export interface CommandArguments {
  readonly subjects: readonly string[];
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly to?: string | undefined;
  readonly skip: boolean;
  /** Without it a command that changes something says what it would do, and does nothing. */
  readonly yes: boolean;
  /** The operator, as it is recorded; `nobody` where a command only looks. */
  readonly person: string;
}

/** One thing that an operator can do. */
export interface Command {
  /** What stands after its name. */
  readonly subjects: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** When to use it, what it changes, and what comes next. */
  readonly help: string;
  /** Looks only; or is harmless to repeat but needs an operator's token; or changes state, and needs `--yes` too. */
  readonly effect: 'reads' | 'idempotent' | 'changes';
  /** @returns the exit code: 0 done, or nothing to do; 1 something needs an operator. */
  run(platform: OpenPlatform, asked: CommandArguments): Promise<number>;
}
