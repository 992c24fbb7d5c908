import { CommandError, clean, exitCode } from '@sluice/words';
import { print } from '../../output.ts';
import { giver } from '../../requester.ts';
import { addWhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { type Action, type ActOptions, act } from './act.ts';

interface AcknowledgeOptions extends ActOptions {
  readonly all?: boolean;
}

const acknowledging: Action = { does: 'acknowledge', done: 'acknowledged' };

/** Adds the command `acknowledge`. */
export function addAcknowledge({ command, does }: Program): void {
  addWhereOptions(command.command('acknowledge'))
    .description('acknowledge files that vanished at the source before they were copied: they no longer count as trouble')
    .argument('[file...]', 'ids, prefixes of ids, names or globs')
    .option('--all', 'acknowledge all of them, on every route')
    .option('--reason <text>', 'why, for the journal')
    .action(does(acknowledge));
}

async function acknowledge(files: string[], options: AcknowledgeOptions): Promise<number> {
  if ((files.length === 0) === (options.all !== true)) {
    throw new CommandError('acknowledge needs the names of files, or --all', exitCode.badUsage);
  }
  if (files.length > 0) return await act(acknowledging, files, options);
  const params = { do: 'acknowledge', routes: null, who: giver(options.reason) } as const;
  const { results } = await withAgent(options, (client) => client.request('steer', params));
  // A route in which nothing vanished has nothing to acknowledge.
  const done = results.filter(({ refused }) => refused === null);
  await print(
    done.length === 0
      ? ['there is nothing to acknowledge: no file vanished before it was copied']
      : done.map(({ route }) => clean(`${route}: everything is acknowledged`)),
  );
  return exitCode.done;
}
