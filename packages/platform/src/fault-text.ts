import { env } from 'node:process';

/** Returns what a log says of a fault of the program: its name and message; with `SLUICE_STACK` set to anything, its stack. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return env['SLUICE_STACK'] === undefined ? String(error) : (error.stack ?? String(error));
}
