import { CommandError, exitCode } from '@sluice/words';
import type { Command } from 'commander';
import { limits } from '../../limits.ts';

export interface LinesOption {
  readonly lines?: string;
}

/** Adds the option `--lines`. @param what which lines are shown, such as `the newest` */
export function addLinesOption(command: Command, what: string): Command {
  return command.option('-n, --lines <count>', `only so many lines, ${what}`);
}

/** Reads the option `--lines`. @returns null if it was not given @throws CommandError */
export function readLines({ lines }: LinesOption): number | null {
  if (lines === undefined) return null;
  const count = /^\d{1,9}$/.test(lines) ? Number(lines) : 0;
  if (count >= 1 && count <= limits.askedLines) return count;
  throw new CommandError(
    `--lines ${JSON.stringify(lines)} is not a number of lines: expected 1 to ${limits.askedLines}`,
    exitCode.badUsage,
  );
}
