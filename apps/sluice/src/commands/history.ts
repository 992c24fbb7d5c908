import { cleanJson, outageJson } from '@sluice/agent';
import { duration, type FileView, viewFile } from '@sluice/core';
import { CommandError, exitCode } from '../exit-code.ts';
import { tell } from '../output.ts';
import type { Program } from '../program.ts';
import { table } from '../text/columns.ts';
import { fileLines } from '../text/file-lines.ts';
import { parseTime } from '../text/time.ts';
import { type Answering, askWhoAnswers } from './asked.ts';
import { addWhereOptions, type WhereOptions } from './options.ts';

interface HistoryOptions extends WhereOptions {
  readonly since?: string;
  readonly outages?: boolean;
  readonly json?: boolean;
}

type OutageView = ReturnType<typeof outageJson>;

const mostRows = 1_000;

export function addHistory({ command, does }: Program): void {
  addWhereOptions(command.command('history'))
    .description('what ended, from the journal')
    .argument('[file]', 'an id, a prefix of one, a name or a glob')
    .option('--since <time>', 'today, 18:00, 6h, a date, RFC 3339')
    .option('--outages', 'when a destination was not there')
    .option('--json', 'a JSON object a line')
    .action(does(history));
}

async function history(file: string | undefined, options: HistoryOptions): Promise<number> {
  const since = options.since === undefined ? null : parseTime(options.since, Date.now());
  if (options.since !== undefined && since === null) {
    throw new CommandError(
      `--since ${JSON.stringify(options.since)} is no time: today, 18:00, 6h, 2026-11-23 and RFC 3339 are`,
      exitCode.badUsage,
    );
  }
  const found = await askWhoAnswers(options, (answering) => ask(answering, file ?? null, since, options));
  if (options.json === true) await tell([...found.files, ...found.outages].map((row) => cleanJson({ v: 1, ...row })));
  else await tell(options.outages === true ? outageLines(found.outages) : fileLines(found.files));
  return exitCode.done;
}

async function ask(
  answering: Answering,
  file: string | null,
  since: number | null,
  options: HistoryOptions,
): Promise<{ files: readonly FileView[]; outages: readonly OutageView[] }> {
  if ('client' in answering) {
    const params = {
      file,
      since: since === null ? null : new Date(since).toISOString(),
      outages: options.outages === true,
      limit: mostRows,
    };
    return await answering.client.request('history', params);
  }
  const { journal } = answering;
  if (options.outages === true) return { files: [], outages: journal.outages(since ?? 0).map(outageJson) };
  const rows = file === null ? journal.files({ endedSince: since, limit: mostRows }) : journal.find(file, mostRows);
  const ended = rows.filter((row) => row.endedAt !== null && row.endedAt >= (since ?? 0));
  return { files: ended.map((row) => viewFile(row, journal.lastGate(row.route)?.state === 'open')), outages: [] };
}

function outageLines(outages: readonly OutageView[]): string[] {
  return table(
    [
      { title: 'ROUTE', cell: (outage: OutageView) => outage.route },
      { title: 'SINCE', cell: (outage) => outage.since },
      {
        title: 'FOR',
        cell: (outage) => duration((outage.until === null ? Date.now() : Date.parse(outage.until)) - Date.parse(outage.since)),
      },
      { title: '', cell: (outage) => (outage.until === null ? 'still' : '') },
      { title: 'WHY', cell: (outage) => outage.operator },
    ],
    outages,
  );
}
