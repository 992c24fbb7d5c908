import { env } from 'node:process';

/** Returns what a log says about a fault of the program: its name and message, or its stack if `SLUICE_STACK` is set to anything. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return env['SLUICE_STACK'] === undefined ? String(error) : (error.stack ?? String(error));
}
