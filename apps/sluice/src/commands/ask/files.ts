import type { FileJson } from '@sluice/control';
import { type Status, statuses } from '@sluice/core/model';
import { CommandError, cleanJson, exitCode, fileLines } from '@sluice/words';
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
const pageRows = 1_000;

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
  const route = options.route ?? null;
  const all = options.all === true;
  for (let offset = 0; ; offset += pageRows) {
    const page =
      'client' in answering
        ? (
            await answering.client.request('files', {
              statuses: statuses === null ? null : [...statuses],
              route,
              all,
              limit: pageRows,
              offset,
            })
          ).files
        : fromJournal(answering.journal, statuses, route, all, offset);
    yield page;
    if (page.length < pageRows) return;
  }
}

function fromJournal(
  journal: Extract<Answering, { journal: unknown }>['journal'],
  statuses: readonly Status[] | null,
  route: string | null,
  all: boolean,
  offset: number,
): FileJson[] {
  const found = journal.files({
    ...(statuses === null ? {} : { statuses: statuses }),
    ...(route === null ? {} : { route }),
    endedSince: all ? null : Date.now() - dayMs,
    limit: pageRows,
    offset,
  });
  return found.map((file) => journalFile(journal, file));
}
