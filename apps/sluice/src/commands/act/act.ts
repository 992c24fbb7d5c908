import type { FileOutcome } from '@sluice/control';
import { isCopied } from '@sluice/core/model';
import { clean, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { giver } from '../../requester.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

/** Options of an action on files. */
export interface ActOptions extends WhereOptions {
  readonly reason?: string;
}

const actions = [
  { does: 'retry', describes: 'try a file again now, and count its attempts from zero', done: 'will be tried again now' },
  { does: 'skip', describes: 'do not copy a file until it is retried; ends a running copy of it', done: 'skipped until it is retried' },
  { does: 'first', describes: 'copy a file before all others', done: 'moved to the front' },
] as const;

/** An action on files, and what is printed when it is done. */
export interface Action {
  readonly does: (typeof actions)[number]['does'] | 'acknowledge';
  readonly done: string;
}

/** Adds the commands `retry`, `skip` and `first`. */
export function addActions({ command, does }: Program): void {
  for (const action of actions) {
    addWhereOptions(command.command(action.does))
      .description(action.describes)
      .argument('<file...>', 'ids, prefixes of ids, names or globs')
      .option('--reason <text>', 'why, for the journal')
      .action(does((files: string[], options: ActOptions) => act(action, files, options)));
  }
}

function* inParts(names: readonly string[]): Generator<string[]> {
  let part: string[] = [];
  let characters = 0;
  for (const name of names) {
    if (part.length > 0 && (part.length >= limits.actNames || characters + name.length > limits.actCharacters)) {
      yield part;
      part = [];
      characters = 0;
    }
    part.push(name);
    characters += name.length;
  }
  if (part.length > 0) yield part;
}

/** For a file that was copied, only its copy is checked. */
function doneText(action: Action, file: FileOutcome['file']): string {
  const wasCopied = file !== null && isCopied(file.status);
  return action.does === 'retry' && wasCopied
    ? 'Sluice checks the destination and copies the file again if it is missing there'
    : action.done;
}

/** Requests an action. Returns 1 if something could not be done; the reason is printed for each file. */
export async function act(action: Action, files: readonly string[], options: ActOptions): Promise<number> {
  const who = giver(options.reason);
  const results = await withAgent(options, async (client) => {
    const outcomes: FileOutcome[] = [];
    for (const part of inParts(files)) {
      outcomes.push(...(await client.request('act', { do: action.does, files: part, who }, { deadlineMs: limits.actDeadlineMs })).results);
    }
    return outcomes;
  });
  const done = results.filter(({ refused }) => refused === null);
  await print(done.map(({ file, asked }) => clean(`${file?.source ?? asked}: ${doneText(action, file)}`)));
  for (const { asked, file, refused } of results) {
    if (refused !== null) complain(clean(`sluice: cannot ${action.does} ${JSON.stringify(file?.source ?? asked)}: ${refused}`));
  }
  return done.length === results.length ? exitCode.done : exitCode.notAsAsked;
}
