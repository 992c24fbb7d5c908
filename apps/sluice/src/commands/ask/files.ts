import { nearest } from '@sluice/config';
import type { FileJson, Replies } from '@sluice/control';
import { type Status, statuses } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { CommandError, cleanJson, exitCode, type FileTableOptions, fileLines, statesNamed, stateWord } from '@sluice/words';
import { limits } from '../../limits.ts';
import { paint, print, printPages, terminalWidth } from '../../output.ts';
import { addLinesOption, type LinesOption, readLines } from '../base/lines-option.ts';
import { addWhereOptions, type WhereOptions } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { type Answering, askWhoAnswers, journalFile } from './agent-or-journal.ts';

interface FilesOptions extends WhereOptions, LinesOption {
  readonly status?: string;
  readonly route?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Holds by the name of their route. */
export type Holds = NonNullable<FileTableOptions['holds']>;

const dayMs = 86_400_000;

/** Adds the command `files`. */
export function addFiles({ command, does }: Program): void {
  addLinesOption(addWhereOptions(command.command('files')), 'the newest')
    .description('list the live files and those that ended in the last 24 hours, newest first')
    .option('--status <states>', 'only these states, separated by commas: done, failed, copying …')
    .option('--route <name>', 'only this route')
    .option('--all', 'also files that ended longer ago')
    .option('--json', 'print one JSON object per line')
    .action(does(files));
}

async function files(options: FilesOptions): Promise<number> {
  const statuses = options.status === undefined ? null : readStatuses(options.status);
  const most = readLines(options) ?? Number.POSITIVE_INFINITY;
  const shown: FileJson[] = [];
  let count = 0;
  let holds: Holds = new Map();
  await askWhoAnswers(options, async (answering) => {
    if (options.route !== undefined) await assertRoute(answering, options.route);
    for await (const page of pages(answering, options, statuses)) {
      const asked = page.slice(0, most - count);
      count += asked.length;
      if (options.json === true) await print(asked.map(cleanJson));
      else shown.push(...asked);
      if (count >= most) break;
    }
    if (options.json !== true && shown.some(({ hold }) => hold === 'operator')) holds = await holdsOf(answering);
  });
  if (options.json !== true) await printPages(fileLines(shown, { width: terminalWidth(), paint: paint(), holds }));
  return exitCode.done;
}

/** Returns the holds of the routes that are held now. A journal without its agent does not have them. */
export async function holdsOf(answering: Answering): Promise<Holds> {
  if ('journal' in answering) return new Map();
  const { routes } = await answering.client.request('status', {});
  return new Map(routes.flatMap(({ name, hold }) => (hold === null ? [] : [[name, hold] as const])));
}

/**
 * Checks the name of a route. A route may have left the configuration while the journal still has its files. @throws CommandError
 * if neither has it
 */
async function assertRoute(answering: Answering, route: string): Promise<void> {
  if ('journal' in answering) {
    if (!isInJournal(answering.journal, route)) throw unknownRoute(route, 'the journal has no file of this route');
    return;
  }
  const { routes } = await answering.client.request('status', {});
  if (routes.some(({ name }) => name === route)) return;
  const { files: found } = await answering.client.request('files', { route, all: true, limit: 1 });
  if (found.length === 0) throw unknownRoute(route, `the routes are ${routes.map(({ name }) => name).join(', ')}`);
}

function isInJournal(journal: Pick<JournalReader, 'counts'>, route: string): boolean {
  return Object.values(journal.counts(route)).some((count) => count > 0);
}

function unknownRoute(route: string, known: string): CommandError {
  return new CommandError(`there is no route ${JSON.stringify(route)}; ${known}`, exitCode.badUsage);
}

/** Parses the value of `--status`: words of the screen, or the names in JSON. @throws CommandError if there is no such state */
export function readStatuses(text: string): readonly Status[] {
  return text.split(',').flatMap((part) => {
    const found = part.trim().toLowerCase() === 'recording' ? (['GROWING_COPY'] as const) : statesNamed(part.trim());
    if (found.length > 0) return found;
    throw new CommandError(unknownStateText(part.trim()), exitCode.badUsage);
  });
}

function unknownStateText(word: string): string {
  const words = [...new Set(statuses.map(stateWord))].map((each) => each.toLowerCase());
  const names = statuses.map((each) => each.toLowerCase()).filter((each) => !words.includes(each as (typeof words)[number]));
  const meant = nearest(word.toLowerCase(), [...words, ...names]);
  const hint = meant === null ? '.' : `. Did you mean "${meant}"?`;
  return `--status ${JSON.stringify(word)} is not a state${hint} The states are ${words.join(', ')}, and in JSON also ${names.join(', ')}`;
}

async function* pages(
  answering: Answering,
  options: FilesOptions,
  statuses: readonly Status[] | null,
): AsyncGenerator<readonly FileJson[]> {
  for (let before: number | null = null; ; ) {
    const page: FilesPage =
      'client' in answering
        ? await answering.client.request('files', {
            statuses: statuses === null ? null : [...statuses],
            route: options.route ?? null,
            all: options.all === true,
            limit: limits.pageRows,
            before,
          })
        : fromJournal(answering.journal, options, statuses, before);
    yield page.files;
    if (page.next === null) return;
    before = page.next;
  }
}

type FilesPage = Pick<Replies['files'], 'files' | 'next'>;

function fromJournal(
  journal: Extract<Answering, { journal: unknown }>['journal'],
  options: FilesOptions,
  statuses: readonly Status[] | null,
  before: number | null,
): FilesPage {
  const { files: found, next } = journal.files({
    ...(statuses === null ? {} : { statuses }),
    ...(options.route === undefined ? {} : { route: options.route }),
    endedSince: options.all === true ? null : Date.now() - dayMs,
    limit: limits.pageRows,
    before,
  });
  return { files: found.map((file) => journalFile(journal, file)), next };
}
