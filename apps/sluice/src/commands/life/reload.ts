import { exitCode, reloadLines } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { giver } from '../../requester.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface ReloadOptions extends WhereOptions {
  readonly reason?: string;
}

/** Adds the command `reload`. */
export function addReload({ command, does }: Program): void {
  addWhereOptions(command.command('reload'))
    .description('have the agent read its sluice.toml again; it takes it over only if all of it is valid')
    .option('--reason <text>', 'why, for the journal')
    .action(does(reload));
}

/** @returns 2 if nothing was changed, 1 if a part of it needs a restart */
async function reload(options: ReloadOptions): Promise<number> {
  const who = giver(options.reason);
  const reply = await withAgent(options, (client) => client.request('reload', { who }, { deadlineMs: limits.reloadDeadlineMs }));
  if (reply.problem !== null) {
    complain(`sluice: ${reloadLines(reply).join('\n')}`);
    return exitCode.badUsage;
  }
  await print(reloadLines(reply));
  return reply.changes.some(({ needsRestart }) => needsRestart !== null) ? exitCode.notAsAsked : exitCode.done;
}
