import { type LogNote } from '@sluice/control';
import type { JournalReader } from '@sluice/persistence';
import { CommandError, clean, cleanJson, exitCode, momentText, parseTime, type Sentence, sentenceOf } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, isHeard, print } from '../../output.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { askWhoAnswers, withJournal } from './asked.ts';
import { createBacklog } from './backlog.ts';

interface LogOptions extends WhereOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly json?: boolean;
}

interface Line {
  readonly at: string;
  readonly level: Sentence['level'];
  readonly route: string;
  readonly text: string;
}

/** Adds the command `log`. */
export function addLog({ command, does }: Program): void {
  addWhereOptions(command.command('log'))
    .description('show what happened, in sentences, oldest first (default: the last 50 lines)')
    .option('-f, --follow', 'continue to show lines as they happen')
    .option('--since <time>', 'only since then: today, 18:00, 6h, a date, RFC 3339')
    .option('--json', 'print one JSON object per line')
    .action(does(log));
}

async function log(options: LogOptions): Promise<number> {
  const since = sinceOf(options.since);
  const show = async (lines: readonly Line[]): Promise<void> => {
    await print(lines.map((line) => (options.json === true ? cleanJson({ v: 1, ...line }) : clean(textOf(line)))));
  };
  if (options.follow !== true) {
    await show(await askWhoAnswers(options, ({ stateDir }) => Promise.resolve(fromJournal(stateDir, since))));
    return exitCode.done;
  }
  return await withAgent(options, async (client) => {
    const lines = createBacklog<Line>({ limit: limits.waitingLines, show, isHeard, onLost: reportLost });
    const early: Line[] = [];
    let onLine = (line: Line): void => void early.push(line);
    await client.watch({ topics: ['log'] }, (_, note) => onLine(note as LogNote));
    const before = fromJournal(client.stateDir, since);
    // Without a pause in between: lines that came early and are not in the journal's part, then those that come.
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

function sinceOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const since = parseTime(text, Date.now());
  if (since === null) {
    throw new CommandError(
      `--since ${JSON.stringify(text)} is not a time: expected today, 18:00, 6h, 2026-11-23 or RFC 3339`,
      exitCode.badUsage,
    );
  }
  return since;
}

function textOf({ at, level, route, text }: Line): string {
  return `${localText(at)}  ${level.padEnd(5)} ${route}: ${text}`;
}

/** Returns `2026-11-28 14:02:31.482`, in local time. */
function localText(at: string): string {
  return `${momentText(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

/** Returns lines, oldest first. @param since milliseconds since the epoch; null: the last lines */
function fromJournal(stateDir: string, since: number | null): Line[] {
  return withJournal(stateDir, (journal) => linesSince(journal, since)).reverse();
}

/** Returns lines, newest first. */
function linesSince(journal: JournalReader, since: number | null): Line[] {
  const lines: Line[] = [];
  for (let before: number | null = null; ; ) {
    const records = journal.records({ before, limit: limits.pageRecords });
    for (const record of records) {
      if (since === null ? lines.length >= limits.lastLines : record.at < since) return lines;
      const { level, route, text } = sentenceOf(record);
      if (level !== 'debug') lines.push({ at: new Date(record.at).toISOString(), level, route, text });
    }
    const oldest = records.at(-1);
    if (oldest === undefined || records.length === 0) return lines;
    before = oldest.seq;
  }
}
