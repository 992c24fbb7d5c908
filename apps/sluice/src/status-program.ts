import { addStatus } from './commands/ask/status.ts';
import { refuseSurplus } from './commands/base/surplus.ts';
import { emptyCommand, runCommandLine } from './run-command.ts';

/**
 * Runs `sluice status`, which scripts and panels ask every few seconds: the executable holds it as a separate part, so that nothing is
 * loaded for it but what it needs.
 *
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
