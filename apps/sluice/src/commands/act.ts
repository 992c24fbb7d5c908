import { exitCode } from '../exit-code.ts';
import { complain, tell } from '../output.ts';
import { clean } from '../text/clean.ts';
import { addWhereOptions, type WhereOptions } from './options.ts';
import type { Program } from './program.ts';
import { giver } from './who.ts';
import { withAgent } from './with-agent.ts';

interface ActOptions extends WhereOptions {
  readonly reason?: string;
}

const actions = [
  { does: 'retry', describes: 'tries a file again now; its attempts are counted anew', done: 'is tried again' },
  { does: 'skip', describes: 'does not carry a file until it is retried; a running copy ends', done: 'is skipped until it is retried' },
  { does: 'first', describes: 'carries a file before all others', done: 'is carried first' },
] as const;

type Action = (typeof actions)[number];

export function addActions({ command, does }: Program): void {
  for (const action of actions) {
    addWhereOptions(command.command(action.does))
      .description(action.describes)
      .argument('<file...>', 'ids, prefixes of ids, names or globs')
      .option('--reason <text>', 'why, for the journal')
      .action(does((files: string[], options: ActOptions) => act(action, files, options)));
  }
}

/** Exit 1 where something could not be done; why is said for each. */
async function act(action: Action, files: readonly string[], options: ActOptions): Promise<number> {
  const params = { do: action.does, files: [...files], who: giver(options.reason) };
  const { results } = await withAgent(options, (client) => client.request('act', params));
  const done = results.filter(({ refused }) => refused === null);
  await tell(done.map(({ file, asked }) => clean(`${file?.source ?? asked}: ${action.done}`)));
  for (const { asked, file, refused } of results) {
    if (refused !== null) complain(clean(`sluice: cannot ${action.does} ${JSON.stringify(file?.source ?? asked)}: ${refused}`));
  }
  return done.length === results.length ? exitCode.done : exitCode.notAsAsked;
}
