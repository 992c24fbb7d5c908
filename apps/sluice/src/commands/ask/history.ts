import { endedFiles, nextEnded, outageJson } from '@sluice/agent';
import type { FileJson, Replies } from '@sluice/control';
import { CommandError, cleanJson, duration, exitCode, fileLines, momentText, table } from '@sluice/words';
import { limits } from '../../limits.ts';
import { paint, print, printPages, terminalWidth } from '../../output.ts';
import { addLinesOption, type LinesOption, readLines } from '../base/lines-option.ts';
import { addWhereOptions, type WhereOptions } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { readSince } from '../base/since.ts';
import { type Answering, askWhoAnswers, journalFile } from './agent-or-journal.ts';

interface HistoryOptions extends WhereOptions, LinesOption {
  readonly since?: string;
  readonly outages?: boolean;
  readonly json?: boolean;
}

type OutageView = ReturnType<typeof outageJson>;

/** Adds the command `history`. */
export function addHistory({ command, does }: Program): void {
  addLinesOption(addWhereOptions(command.command('history')), 'the newest')
    .description('list what ended, from the journal')
    .argument('[file]', 'an id, a prefix of one, a name or a glob')
    .option('--since <time>', 'only since then: today, 18:00, 6h, a date, RFC 3339')
    .option('--outages', 'list when a destination was offline')
    .option('--json', 'print one JSON object per line')
    .action(does(history));
}

async function history(file: string | undefined, options: HistoryOptions): Promise<number> {
  const since = readSince(options.since);
  const most = readLines(options) ?? Number.POSITIVE_INFINITY;
  if (options.outages === true) {
    const outages = (await askWhoAnswers(options, (answering) => askOutages(answering, since))).slice(0, most);
    if (options.json === true) await print(outages.map((outage) => cleanJson({ v: 1, ...outage })));
    else await printPages(outageLines(outages));
    return exitCode.done;
  }
  const files = await askWhoAnswers(options, (answering) => askFiles(answering, file ?? null, since, most));
  if (file !== undefined && files.length === 0) throw nothingFound(file, options.since);
  if (options.json === true) await print(files.map(cleanJson));
  else await printPages(fileLines(files, { width: terminalWidth(), paint: paint() }));
  return exitCode.done;
}

function nothingFound(file: string, since: string | undefined): CommandError {
  const when = since === undefined ? '' : ` since ${since}`;
  return new CommandError(`no file named ${JSON.stringify(file)} has ended${when}`, exitCode.notAsAsked);
}

async function askOutages(answering: Answering, since: number | null): Promise<readonly OutageView[]> {
  if ('journal' in answering) return answering.journal.outages(since ?? 0).map(outageJson);
  const found = await answering.client.request('history', { since: timeOf(since), outages: true });
  return found.outages;
}

async function askFiles(answering: Answering, file: string | null, since: number | null, most: number): Promise<FileJson[]> {
  const files: FileJson[] = [];
  for (let before: Page['next'] = null; ; ) {
    const page: Page = await askPage(answering, file, since, before);
    files.push(...page.files);
    if (page.next === null || files.length >= most) return files.slice(0, most);
    before = page.next;
  }
}

type Page = Pick<Replies['history'], 'files' | 'next'>;

async function askPage(answering: Answering, file: string | null, since: number | null, before: Page['next']): Promise<Page> {
  if ('client' in answering) {
    return await answering.client.request(
      'history',
      { file, since: timeOf(since), limit: limits.pageRows, before },
      { deadlineMs: limits.searchAnswerMs },
    );
  }
  const { journal } = answering;
  const ended = endedFiles(journal, file, { since: since ?? 0, limit: limits.pageRows, before });
  return { files: ended.map((each) => journalFile(journal, each)), next: nextEnded(ended, limits.pageRows) };
}

function timeOf(since: number | null): string | null {
  return since === null ? null : new Date(since).toISOString();
}

function outageLines(outages: readonly OutageView[]): string[] {
  return table(
    [
      { title: 'ROUTE', cell: (outage: OutageView) => outage.route },
      { title: 'SINCE', cell: (outage) => momentText(outage.since) },
      {
        title: 'FOR',
        cell: (outage) => duration((outage.until === null ? Date.now() : Date.parse(outage.until)) - Date.parse(outage.since)),
      },
      { title: '', cell: (outage) => (outage.until === null ? 'still' : ''), tone: () => 'bad' },
      { title: 'WHY', cell: (outage) => outage.operator, gives: 'end' },
    ],
    outages,
    { width: terminalWidth(), paint: paint() },
  );
}
