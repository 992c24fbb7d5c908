import type { Command } from 'commander';

/** What a command is added to. It sets the exit code of the process. */
export interface Program {
  readonly command: Command;
  /** Runs the work of a command and keeps its exit code. */
  readonly does: <Args extends unknown[]>(work: (...args: Args) => Promise<number>) => (...args: Args) => Promise<void>;
}
