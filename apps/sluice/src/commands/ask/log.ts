import { type LogNote } from '@sluice/control';
import type { JournalReader } from '@sluice/persistence';
import { askedBy, CommandError, clean, cleanJson, exitCode, levelTone, momentText, type Sentence, sentenceOf } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, isHeard, paint, print, printPages, terminalWidth } from '../../output.ts';
import { addLinesOption, type LinesOption, readLines } from '../base/lines-option.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { readSince } from '../base/since.ts';
import { askWhoAnswers, withJournal } from './agent-or-journal.ts';
import { createBacklog } from './backlog.ts';

interface LogOptions extends WhereOptions, LinesOption {
  readonly follow?: boolean;
  readonly since?: string;
  readonly json?: boolean;
}

interface Line {
  readonly at: string;
  readonly seq?: number;
  readonly level: Sentence['level'];
  readonly route: string;
  readonly text: string;
  readonly by?: string;
  readonly reason?: string;
}

/** Adds the command `log`. */
export function addLog({ command, does }: Program): void {
  addLinesOption(addWhereOptions(command.command('log')), 'the last')
    .description(`show what happened, in sentences, oldest first (default: the last ${limits.lastLines} lines)`)
    .option('-f, --follow', 'continue to show lines as they happen')
    .option('--since <time>', 'only since then: today, 18:00, 6h, a date, RFC 3339')
    .option('--json', 'print one JSON object per line')
    .action(does(log));
}

async function log(options: LogOptions): Promise<number> {
  const asked: Asked = { since: readSince(options.since), lines: readLines(options) };
  const written = (lines: readonly Line[]): string[] =>
    options.json === true ? lines.map((line) => cleanJson({ v: 1, ...line })) : lines.map(textOf);
  const show = async (lines: readonly Line[]): Promise<void> => await print(written(lines));
  if (options.follow !== true) {
    const { lines, hasMore } = await askWhoAnswers(options, ({ stateDir }) => Promise.resolve(fromJournal(stateDir, asked)));
    const isShort = asked.since === null && asked.lines === null;
    if (isShort && hasMore && terminalWidth() !== null) complain(`the last ${lines.length} lines; -n 500 or --since today shows more`);
    // The newest lines are last, where a terminal shows them. Only an answer to `--since` or `--lines` is shown page by page.
    if (isShort || options.json === true) await show(lines);
    else await printPages(written(lines));
    return exitCode.done;
  }
  return await withAgent(options, async (client) => {
    const lines = createBacklog<Line>({ limit: limits.waitingLines, show, isHeard, onLost: reportLost });
    const early: Line[] = [];
    let onLine = (line: Line): void => void early.push(line);
    await client.watch({ topics: ['log'] }, (_, note) => onLine(note as LogNote));
    const { lines: before } = fromJournal(client.stateDir, asked);
    // There is no pause between them: first the lines from the journal, then those that arrived early and are not among them,
    // then new ones.
    for (const line of [...before, ...notIn(before, early)]) lines.add(line);
    onLine = lines.add;
    const why = await Promise.race([new Promise<string>((resolve) => client.onClose(resolve)), lines.unheard]);
    if (why === null) return exitCode.done;
    await lines.shown();
    throw new CommandError(`the connection to the agent ended: ${why}`, exitCode.noAgent);
  });
}

function reportLost(count: number): void {
  complain(`${count} lines were left out: they came faster than this terminal took them`);
}

/** Returns the lines that came while the journal was read and are not in what was read. */
function notIn(before: readonly Line[], early: readonly Line[]): Line[] {
  const keyOf = ({ at, route, text }: Line): string => JSON.stringify([at, route, text]);
  const known = new Set(before.map(keyOf));
  const newest = before.at(-1)?.at ?? '';
  return early.filter((line) => line.at >= newest && !known.has(keyOf(line)));
}

function textOf({ at, level, route, text }: Line): string {
  const tone = levelTone(level);
  return `${paint()(localText(at), 'dim')}  ${paint()(level.padEnd(5), tone)} ${paint()(clean(`${route}: ${text}`), tone)}`;
}

/** Returns `2026-11-28 14:02:31.482`, in local time. */
function localText(at: string): string {
  return `${momentText(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

/** The part of the log that is shown. */
interface Asked {
  /** Milliseconds since the epoch. Null: `lines` decides. */
  readonly since: number | null;
  /** The number of last lines. Null: all of them with `since`, otherwise the usual number. */
  readonly lines: number | null;
}

interface Found {
  readonly lines: Line[];
  /** True if there are earlier lines. */
  readonly hasMore: boolean;
}

/** Returns lines, oldest first. */
function fromJournal(stateDir: string, asked: Asked): Found {
  const { lines, hasMore } = withJournal(stateDir, (journal) => newestLines(journal, asked));
  return { lines: lines.reverse(), hasMore };
}

/** Returns lines, newest first. */
function newestLines(journal: JournalReader, { since, lines: asked }: Asked): Found {
  const most = asked ?? (since === null ? limits.lastLines : Number.POSITIVE_INFINITY);
  const lines: Line[] = [];
  for (let before: number | null = null; ; ) {
    const records = journal.records({ before, limit: limits.pageRecords });
    for (const record of records) {
      if (since !== null && record.at < since) return { lines, hasMore: false };
      const { level, route, text, who } = sentenceOf(record);
      if (level === 'debug') continue;
      if (lines.length >= most) return { lines, hasMore: true };
      lines.push({ at: new Date(record.at).toISOString(), seq: record.seq, level, route, text, ...askedBy(who) });
    }
    const oldest = records.at(-1);
    if (oldest === undefined || records.length === 0) return { lines, hasMore: false };
    before = oldest.seq;
  }
}
