import { ConfigError } from '@sluice/config';
import { ControlError, Disconnected, NotRunning, Refused, TimedOut } from '@sluice/control';
import { CommandError, clean, exitCode } from '@sluice/words';
import { complain } from './output.ts';

/** Prints one clear message for an expected error, and returns the exit code. Throws any other error on: a fault of the program. */
export function explain(error: unknown): number {
  if (error instanceof ConfigError) return failWith(error.message, exitCode.badUsage);
  if (error instanceof CommandError) return failWith(error.message, error.exitCode);
  if (error instanceof NotRunning || error instanceof Refused) return failWith(error.message, exitCode.noAgent);
  if (error instanceof ControlError || error instanceof TimedOut || error instanceof Disconnected)
    return failWith(error.message, exitCode.notAsAsked);
  if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number') return failWith(error.message, error.exitCode);
  throw error;
}

/** Prints a message. @returns the exit code */
export function failWith(message: string, code: number): number {
  complain(clean(`sluice: ${message}`));
  return code;
}
