import { addStatus } from './commands/ask/status.ts';
import { refuseSurplus } from './commands/base/surplus.ts';
import { emptyCommand, runCommandLine } from './run-command.ts';

/**
 * Runs `sluice status`, which scripts and panels call every few seconds. The executable contains it as a separate part, so that
 * only what it needs is loaded.
 * @param args the command line, from `status` on
 * @returns the exit code
 */
export function runStatus(args: readonly string[]): Promise<number> {
  return runCommandLine(args, (does) => {
    const command = emptyCommand();
    addStatus({ command, does });
    refuseSurplus(command);
    return command;
  });
}
