import { nearest } from '@sluice/config';
import type { FileJson, Replies } from '@sluice/control';
import { type Status, statuses } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { CommandError, cleanJson, exitCode, fileLines } from '@sluice/words';
import { limits } from '../../limits.ts';
import { print, terminalWidth } from '../../output.ts';
import { addWhereOptions, type WhereOptions } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { type Answering, askWhoAnswers, journalFile } from './asked.ts';

interface FilesOptions extends WhereOptions {
  readonly status?: string;
  readonly route?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const dayMs = 86_400_000;

/** Adds the command `files`. */
export function addFiles({ command, does }: Program): void {
  addWhereOptions(command.command('files'))
    .description('list the live files and those that ended in the last 24 hours, newest first')
    .option('--status <states>', 'only these states, separated by commas: completed, failed, copying …')
    .option('--route <name>', 'only this route')
    .option('--all', 'also files that ended longer ago')
    .option('--json', 'print one JSON object per line')
    .action(does(files));
}

async function files(options: FilesOptions): Promise<number> {
  const statuses = options.status === undefined ? null : readStatuses(options.status);
  const shown: FileJson[] = [];
  await askWhoAnswers(options, async (answering) => {
    if (options.route !== undefined) await assertRoute(answering, options.route);
    for await (const page of pages(answering, options, statuses)) {
      if (options.json === true) await print(page.map(cleanJson));
      else shown.push(...page);
    }
  });
  if (options.json !== true) await print(fileLines(shown, terminalWidth()));
  return exitCode.done;
}

/** A route may have left the configuration while the journal still has its files. @throws CommandError if neither knows it */
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

/** Words of the screen for states that have another name here. */
const screenWords: Readonly<Record<string, readonly Status[]>> = {
  found: ['DISCOVERED'],
  queued: ['IN_QUEUE'],
  waiting: ['WAITING_FOR_NETWORK', 'WAITING_FOR_SPACE'],
  recording: ['GROWING_COPY'],
  verify: ['VERIFYING'],
  done: ['COMPLETED'],
};

/** Parses the value of `--status`. @throws CommandError if there is no such state */
export function readStatuses(text: string): readonly Status[] {
  return text.split(',').map((part) => {
    const found = statuses.find((status) => status === part.trim().toUpperCase());
    if (found !== undefined) return found;
    throw new CommandError(unknownStateText(part.trim()), exitCode.badUsage);
  });
}

function unknownStateText(word: string): string {
  const onScreen = Object.hasOwn(screenWords, word.toLowerCase()) ? screenWords[word.toLowerCase()] : undefined;
  const meant = onScreen?.join(',') ?? nearest(word, statuses);
  const hint = meant === null ? '.' : `. Did you mean "${meant.toLowerCase()}"?`;
  return `--status ${JSON.stringify(word)} is not a state${hint} The states are ${statuses.join(', ').toLowerCase()}`;
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
