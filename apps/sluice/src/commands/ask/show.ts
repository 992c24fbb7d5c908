import { timelineJson } from '@sluice/agent';
import type { FileJson } from '@sluice/control';
import {
  CommandError,
  clean,
  cleanJson,
  exitCode,
  momentText,
  reasonOf,
  removalTriesText,
  sizeText,
  stateTone,
  stateWord,
  timelineText,
  unknownFileText,
} from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, paint, print, printPages } from '../../output.ts';
import { addWhereOptions, type WhereOptions } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { type Answering, askWhoAnswers, journalFile } from './agent-or-journal.ts';
import { type Holds, holdsOf } from './files.ts';

interface ShowOptions extends WhereOptions {
  readonly json?: boolean;
}

type Timeline = ReturnType<typeof timelineJson>;
interface Shown {
  readonly file: FileJson;
  readonly timeline: readonly Timeline[number][];
}

/** Adds the command `show`. */
export function addShow({ command, does }: Program): void {
  addWhereOptions(command.command('show'))
    .description('show one tracked file: its timeline, its attempts, its hashes')
    .argument('<file>', 'an id, a prefix of one, a name or a glob')
    .option('--json', 'print one JSON object per line')
    .action(does(show));
}

async function show(named: string, options: ShowOptions): Promise<number> {
  let holds: Holds = new Map();
  const found = await askWhoAnswers(options, async (answering) => {
    const files = await ask(answering, named);
    if (options.json !== true && files.some(({ file }) => file.hold === 'operator')) holds = await holdsOf(answering);
    return files;
  });
  if (found.length === 0) throw new CommandError(unknownFileText(named), exitCode.notAsAsked);
  if (options.json === true) await print(found.map(({ file, timeline }) => cleanJson({ ...file, timeline })));
  else await printPages(found.flatMap(({ file, timeline }) => lines(file, timeline, holds)));
  if (found.length >= limits.shownFiles)
    complain(`only ${found.length} files are shown, and more may match: "sluice files" and "sluice history" list all of them`);
  return exitCode.done;
}

async function ask(answering: Answering, named: string): Promise<readonly Shown[]> {
  if ('client' in answering) {
    return (await answering.client.request('show', { file: named }, { deadlineMs: limits.searchAnswerMs })).files;
  }
  const { journal } = answering;
  return journal.find(named, limits.shownFiles).map((file) => ({
    file: journalFile(journal, file),
    timeline: timelineJson(journal.timeline(file.id)),
  }));
}

/** Returns whether an operator skipped the file itself. Its route may be held as well. */
function isSkipped(timeline: readonly Timeline[number][]): boolean {
  const last = timeline.findLast(({ event }) => event === 'held' || event === 'skipped' || event === 'hold_ended');
  return last !== undefined && last.event !== 'hold_ended';
}

function lines(file: FileJson, timeline: readonly Timeline[number][], holds: Holds): string[] {
  const routeHold = isSkipped(timeline) ? null : (holds.get(file.route) ?? null);
  const facts: readonly (readonly [string, string | null])[] = [
    ['route', file.route],
    ['source', file.source],
    ['destination', file.nameReason === null ? file.destination : `${file.destination} (${file.nameReason.replace('_', ' ')})`],
    ['state', [stateWord(file.status), reasonOf(file, { routeHold })].filter((part) => part !== '').join(': ')],
    ['size', `${sizeText(file.sizeBytes)} (${file.sizeBytes} bytes)`],
    ['hash', file.hash === null ? null : `${file.hash.algorithm} ${file.hash.value}`],
    ['read back', file.readback],
    ['attempt', String(file.attempt)],
    ['recovers', file.recoveryOf],
    ['recovered by', file.recoveredBy],
    ['technical', file.error?.technical ?? null],
    ['removal', file.removalError === undefined ? null : removalTriesText(file.removalError, Date.now())],
  ];
  return [
    file.id,
    ...facts.flatMap(([name, value]) => (value === null ? [] : [factLine(file, name, value)])),
    ...timeline.map(timelineLine),
    '',
  ];
}

function factLine(file: FileJson, name: string, value: string): string {
  return `  ${paint()(name.padEnd(13), 'dim')} ${paint()(clean(value), name === 'state' ? stateTone(file) : null)}`;
}

function timelineLine(entry: Timeline[number]): string {
  const to = entry.to === null ? '·' : stateWord(entry.to);
  return clean(`  ${momentText(entry.at)}  ${to}  ${timelineText(entry)}`);
}
