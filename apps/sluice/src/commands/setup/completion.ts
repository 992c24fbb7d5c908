import type { Command } from 'commander';

/** As a shell calls it, and as a person does. */
const words: ReadonlySet<string | undefined> = new Set(['complete', 'completion']);

/**
 * `completion bash|zsh|fish|powershell` writes a script for a shell; the script then asks the hidden `complete`. Both are made from
 * the commands that are there by now; what makes them is loaded where it is asked for only.
 */
export async function addCompletion(command: Command, args: readonly string[]): Promise<void> {
  if (words.has(args[0])) {
    const { default: tab } = await import('@bomb.sh/tab/commander');
    tab(command, { completionCommandName: 'completion' });
    return;
  }
  command.command('completion').description('writes a script that completes commands: sluice completion bash').argument('<shell>');
}
