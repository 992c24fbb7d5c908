import type { Command } from 'commander';

/** What a command is added to the program with: it sets the exit code of the whole. */
export interface Program {
  readonly command: Command;
  /** Runs a command's work and keeps its exit code. */
  readonly does: <Args extends unknown[]>(work: (...args: Args) => Promise<number>) => (...args: Args) => Promise<void>;
}
