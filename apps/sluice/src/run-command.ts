import { exitCode } from '@sluice/words';
import { Command, CommanderError } from 'commander';
import type { Program } from './commands/base/program.ts';
import { explain } from './explain-error.ts';
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
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.badUsage;
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
