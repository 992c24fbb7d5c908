import { ConfigError } from '@sluice/config';
import { ControlError, Disconnected, NotRunning, Refused, TimedOut } from '@sluice/control';
import { CommandError, clean, exitCode } from '@sluice/words';
import { Command, CommanderError } from 'commander';
import type { Program } from './commands/base/program.ts';
import { complain, flush, say } from './output.ts';

/**
 * Runs a command line and explains its end.
 * @param make the program with its commands
 * @param explainOther handles other expected errors; null: it is none of them
 * @returns the exit code
 */
export async function runCommandLine(
  args: readonly string[],
  make: (does: Program['does']) => Command | Promise<Command>,
  explainOther: (error: unknown) => number | null = () => null,
): Promise<number> {
  let code: number = exitCode.done;
  const command = await make((work) => async (...given) => {
    code = await work(...given);
  });
  try {
    await command.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return explainOther(error) ?? explain(error);
  } finally {
    flush();
  }
}

/** Returns the program without a command. */
export function emptyCommand(): Command {
  return new Command('sluice')
    .allowExcessArguments()
    .exitOverride()
    .showHelpAfterError('(sluice --help lists the commands)')
    .configureOutput({ writeOut: (text) => say(text.trimEnd()), writeErr: (text) => complain(text.trimEnd()) })
    .enablePositionalOptions();
}

/** Prints one clear message for an expected error. Anything else is a fault of the program, and is thrown on. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.badUsage;
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
