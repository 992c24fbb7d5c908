import { lineOutput } from '@sluice/agent';

const out = lineOutput(1);
const err = lineOutput(2);

const drainMs = 2_000;

/** A line on standard output; a reader that has gone away or stalled never holds the program up. */
export function say(line: string): void {
  out.write(line);
}

/** A line on standard error. */
export function complain(line: string): void {
  err.write(line);
}

/** Gives what is still waiting its chance before the program ends. */
export function flush(): void {
  out.drain(drainMs);
  err.drain(drainMs);
}
