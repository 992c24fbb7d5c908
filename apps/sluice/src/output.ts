import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { lineOutput } from '@sluice/agent/output';
import { CommandError, columnsOf, exitCode, type Paint, paintFor } from '@sluice/words';
import { limits } from './limits.ts';
import { pagerOf, rowsOf, showInPager } from './pager.ts';

const out = lineOutput(1);
const err = lineOutput(2);

/** Prints a line on standard output. A reader that has ended or stalled never blocks the program, and may miss lines. */
export function say(line: string): void {
  out.write(line);
}

/**
 * Prints the result of a command completely, however slowly it is read. Ends early if nobody reads any more.
 * @throws CommandError if writing fails
 */
export async function print(lines: Iterable<string>): Promise<void> {
  for (const line of lines) {
    while (!out.hasRoom(line)) await pause(limits.outputPollMs);
    if (out.isClosed()) break;
    out.write(line);
  }
  while (!out.isIdle()) await pause(limits.outputPollMs);
  const failure = out.failure();
  if (failure !== null) throw new CommandError(`the answer could not be written completely: ${failure}`, exitCode.notAsAsked);
}

/** Prints like `print`, but through a pager if the text is longer than the terminal. */
export async function printPages(lines: readonly string[]): Promise<void> {
  const pager = isatty(0) && isatty(1) ? pagerOf(process.env, process.platform) : null;
  const { columns, rows } = process.stdout;
  // A serial console knows neither its rows nor its columns.
  const isLong = rows > 0 && rowsOf(lines.map(columnsOf), columns) >= rows;
  if (pager !== null && isLong && (await showInPager(pager, lines))) return;
  await print(lines);
}

/** Returns the colours for text on standard output. */
export function paint(): Paint {
  return paintFor(process.env, { isTerminal: isatty(1), platform: process.platform });
}

/** Returns the columns of the terminal on standard output. Null: it is a file or a pipe. */
export function terminalWidth(): number | null {
  return isatty(1) ? process.stdout.columns : null;
}

/** Returns whether the output may still be read, which is known once something was written. */
export function isHeard(): boolean {
  return !out.isClosed();
}

/** Prints a line on standard error. */
export function complain(line: string): void {
  err.write(line);
}

/** Tries to write what is still waiting before the program ends. */
export function flush(): void {
  out.drain(limits.outputDrainMs);
  err.drain(limits.outputDrainMs);
}
