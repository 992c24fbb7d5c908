import type { FileJson, Replies } from '@sluice/control';
import { type Status, statuses } from '@sluice/core/model';
import { CommandError, cleanJson, exitCode, fileLines } from '@sluice/words';
import { limits } from '../../limits.ts';
import { print } from '../../output.ts';
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

export function addFiles({ command, does }: Program): void {
  addWhereOptions(command.command('files'))
    .description('the live files and those that ended in the last 24 hours, newest first')
    .option('--status <states>', 'only these, with commas between them')
    .option('--route <name>', 'only this route')
    .option('--all', 'ended ones of any age, too')
    .option('--json', 'a JSON object a line')
    .action(does(files));
}

async function files(options: FilesOptions): Promise<number> {
  const statuses = options.status === undefined ? null : readStatuses(options.status);
  const shown: FileJson[] = [];
  await askWhoAnswers(options, async (answering) => {
    for await (const page of pages(answering, options, statuses)) {
      if (options.json === true) await print(page.map(cleanJson));
      else shown.push(...page);
    }
  });
  if (options.json !== true) await print(fileLines(shown));
  return exitCode.done;
}

/** @throws CommandError where a state has another name */
export function readStatuses(text: string): readonly Status[] {
  return text.split(',').map((part) => {
    const found = statuses.find((status) => status === part.trim().toUpperCase());
    if (found !== undefined) return found;
    throw new CommandError(`--status ${JSON.stringify(part)} is not a state; the states are ${statuses.join(', ')}`, exitCode.badUsage);
  });
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
