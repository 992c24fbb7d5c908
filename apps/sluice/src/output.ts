import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { lineOutput } from '@sluice/agent/output';
import { CommandError, columnsOf, exitCode, type Paint, paintFor } from '@sluice/words';
import { limits } from './limits.ts';
import { pagerOf, rowsOf, showInPager } from './pager.ts';

const out = lineOutput(1);
const err = lineOutput(2);

/** A line on standard output; a reader that has gone away or stalled never holds the program up, and may miss lines. */
export function say(line: string): void {
  out.write(line);
}

/**
 * The answer of a command, whole, however slowly it is read. Ends early where nobody reads any more.
 *
 * @throws CommandError where what it is written to refuses it
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

/** The same, page by page where it is longer than the terminal that it goes to. */
export async function printPages(lines: readonly string[]): Promise<void> {
  const pager = isatty(0) && isatty(1) ? pagerOf(process.env, process.platform) : null;
  const { columns, rows } = process.stdout;
  if (pager !== null && rowsOf(lines.map(columnsOf), columns) >= rows && (await showInPager(pager, lines))) return;
  await print(lines);
}

/** How what is printed on standard output is coloured. */
export function paint(): Paint {
  return paintFor(process.env, { isTerminal: isatty(1), platform: process.platform });
}

/** Columns of the terminal that standard output is; null: it is a file or a pipe. */
export function terminalWidth(): number | null {
  return isatty(1) ? process.stdout.columns : null;
}

/** Whether anybody may still read what is printed; known once something was written. */
export function isHeard(): boolean {
  return !out.isClosed();
}

/** A line on standard error. */
export function complain(line: string): void {
  err.write(line);
}

/** Gives what is still waiting its chance before the program ends. */
export function flush(): void {
  out.drain(limits.outputDrainMs);
  err.drain(limits.outputDrainMs);
}
