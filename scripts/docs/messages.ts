import { codeOfReason, type FileError, type GateCause, type LeftAloneRule } from '@sluice/core/model';
import { leftLine } from '../../apps/sluice/src/commands/setup/check.ts';
import { checkMeanings } from '../../apps/sluice/src/commands/setup/check-meanings.ts';
import { sentences } from '../../packages/intake/src/rules/rules.ts';
import { conditionText } from '../../packages/words/src/conditions/condition-text.ts';
import { exitCode } from '../../packages/words/src/exit-code.ts';
import { codeMeanings } from '../../packages/words/src/failures/codes.ts';
import { problemText } from '../../packages/words/src/failures/failure.ts';
import { findingText } from '../../packages/words/src/failures/finding.ts';
import { kindMeanings } from '../../packages/words/src/failures/kinds.ts';
import type { Explained, Meaning } from '../../packages/words/src/failures/meaning.ts';
import { refusalText } from '../../packages/words/src/failures/refusal.ts';
import { sourceAwayText } from '../../packages/words/src/failures/unavailable-source.ts';
import { conditionMeanings } from '../../packages/words/src/meanings/conditions.ts';
import { causeMeanings, findingMeanings } from '../../packages/words/src/meanings/destinations.ts';
import { exitCodeMeanings } from '../../packages/words/src/meanings/exit-codes.ts';
import { holdMeanings } from '../../packages/words/src/meanings/holds.ts';
import { refusalMeanings } from '../../packages/words/src/meanings/refusals.ts';
import { leftAloneMeanings, sourceMeanings } from '../../packages/words/src/meanings/sources.ts';
import { waitText } from '../../packages/words/src/states/file-reason.ts';
import { leftAloneText } from '../../packages/words/src/states/left-alone.ts';
import { screenOfCause, screenOfFailure, screenOfWaiting } from './screen-words.ts';

type ErrorKind = FileError['kind'];

const leftAloneExamples: Readonly<Record<LeftAloneRule, string>> = {
  dotfile: '.notes',
  temporary: 'clip.mxf.part',
  system_file: 'Thumbs.db',
  system_folder: '$RECYCLE.BIN',
  empty: 'clip.mxf',
  symlink: 'link.mxf',
  special: 'pipe',
  excluded: 'notes.txt',
  not_included: 'notes.txt',
  destination: 'copies',
};

/** The limit of a line of Markdown. */
const columns = 100;

const errnos = '<!-- cspell:ignore EACCES EEXIST EINVAL ENAMETOOLONG ENOENT ENOTDIR -->\n';

/** A chapter of the page: an introduction, and an entry for each code. */
interface Chapter {
  readonly title: string;
  readonly about: string;
  readonly entries: readonly string[];
}

const head = `# Messages

Made by \`npm run docs\` from the tables of the program. Search this page for the words on the
screen or in the log, or for the code in the JSON output. Names, sizes, times and error codes differ
from case to case: search for the words between them. Lines that begin with \`screen:\` have the
short words of the full-screen view.

Each entry says why it happens, what it means for the files, and what to do.
`;

const chapters: readonly Chapter[] = [
  {
    title: 'Waiting files',
    about: 'Why a file waits: `hold` in JSON. `sluice files` and `sluice show FILE` print the text; the screen shows it in few words.',
    entries: entriesOf(holdMeanings, (_, { examples }) =>
      withScreen(examples, (file) => waitText(file, '', { routeHold: file.routeHold ?? null }), screenOfWaiting),
    ),
  },
  {
    title: 'Failed attempts',
    about:
      'Why an attempt failed: `error.kind` in JSON. The text then says what follows, such as `a new copy (clip_1.mxf) starts after a pause`. The percentage shows how far the copy was.',
    entries: entriesOf(kindMeanings, (kind, { examples }) =>
      withScreen(
        examples.map(({ reason, percent }) => ({ kind: kind as ErrorKind, percent, code: codeOfReason(reason) })),
        (error) => problemText(error, 'clip.mxf'),
        screenOfFailure,
      ),
    ),
  },
  {
    title: 'Error codes of a failed attempt',
    about: 'Codes that say more than the kind: `error.code` in JSON. All other codes are those of the operating system.',
    entries: entriesOf(codeMeanings, (code) =>
      withScreen([{ kind: kindOfCode(code), code, percent: 45.2 }], (error) => problemText(error, 'clip.mxf'), screenOfFailure),
    ),
  },
  {
    title: 'Destinations: causes',
    about: 'Why a destination is offline: `gate.cause` in JSON.',
    entries: entriesOf(causeMeanings, (cause) => [screenOfCause(cause as GateCause)]),
  },
  {
    title: 'Destinations: findings',
    about: 'What a probe finds. The text is `gate.operator` in JSON, and stands in the status line, the log and the history.',
    entries: explained(findingMeanings, (found) => findingText(found).operator),
  },
  {
    title: 'Sources',
    about: 'Why a source is in trouble: `sourceState.state` in JSON.',
    entries: explained(sourceMeanings, sourceAwayText),
  },
  {
    title: 'Conditions that need a person',
    about: 'The log has these texts as warnings, and `on_attention` gets them as its summary ([hooks.md](hooks.md)).',
    entries: explained(conditionMeanings, conditionText),
  },
  {
    title: 'Refused orders',
    about: 'Why `retry`, `skip`, `first`, `hold`, `release`, `adopt` or `acknowledge` cannot be done. The command ends with exit code 1.',
    entries: explained(refusalMeanings, refusalText),
  },
  {
    title: 'Findings of `sluice check`',
    about: 'What `sluice check` prints for each route. It changes nothing but its own probe file.',
    entries: explained(checkMeanings, (text) => text),
  },
  {
    title: 'Files that are left alone',
    about: '`sluice status` and the log count them; `sluice check` lists them, with the name of the rule.',
    entries: entriesOf(leftAloneMeanings, (rule) => leftAloneTexts(rule as LeftAloneRule)),
  },
  {
    title: 'Exit codes',
    about: 'How a command ends.',
    entries: Object.entries(exitCodeMeanings).map(([name, meaning]) =>
      entry(String(exitCode[name as keyof typeof exitCode]), [meaning.text], meaning),
    ),
  },
];

/** Returns every code that an operator can meet, with its text, cause and remedy, as Markdown. */
export function messageDocument(): string {
  const sections = chapters.map(({ title, about, entries }) => [`## ${title}\n`, `${wrapped(about)}\n`, ...entries].join('\n'));
  return [head, ...sections, errnos].join('\n');
}

/** Returns the texts of all examples, then what the screen shows for them, each once. */
function leftAloneTexts(rule: LeftAloneRule): readonly string[] {
  const pattern = rule === 'excluded' ? '*.txt' : null;
  const examples = [`day1/${leftAloneExamples[rule]}`];
  const isFolder = rule === 'system_folder' || rule === 'destination';
  const counted = leftAloneText([{ rule, pattern, count: 1, folders: isFolder ? 1 : 0, examples }]);
  return [counted ?? '', leftLine({ rule, pattern, sentence: sentences[rule], count: 1, folders: isFolder ? 1 : 0, examples }).trim()];
}

/** Returns the texts of all examples, then what the screen shows for them, each once. */
function withScreen<Value>(
  values: readonly Value[],
  textOf: (value: Value) => string,
  screenOf: (value: Value) => string,
): readonly string[] {
  return [...new Set([...values.map(textOf), ...values.map(screenOf)])];
}

function explained<Value>(table: Readonly<Record<string, Explained<Value>>>, textOf: (value: Value) => string): readonly string[] {
  return entriesOf(table, (_, { examples }) => examples.map(textOf));
}

function entriesOf<Row extends Meaning>(
  table: Readonly<Record<string, Row>>,
  textsOf: (code: string, row: Row) => readonly string[],
): readonly string[] {
  return Object.entries(table).map(([code, row]) => entry(code, textsOf(code, row), row));
}

function entry(code: string, texts: readonly string[], { cause, files, remedy }: Meaning): string {
  const shown = texts.length === 0 ? [] : ['```text', ...texts, '```', ''];
  const lines = [`Cause: ${cause}`, `For the files: ${files}`, `What to do: ${remedy}`].map((text) => wrapped(`- ${text}`, '  '));
  return [`### \`${code}\``, '', ...shown, ...lines, ''].join('\n');
}

function kindOfCode(code: string): ErrorKind {
  if (code === 'CHANGED') return 'source_changed';
  return code === 'MISMATCH' ? 'checksum_mismatch' : 'destination_error';
}

/** Breaks a paragraph into lines of a limited length. Code spans may be broken, as Markdown allows. */
function wrapped(text: string, indentation = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `${indentation}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
