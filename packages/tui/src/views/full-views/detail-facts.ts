import type { FileJson, ScreenRoute, ScreenRow, TimelineJson } from '@sluice/control';
import { isCopied, unreachable } from '@sluice/core/model';
import {
  countText,
  etaText,
  type KnownError,
  momentText,
  percentText,
  problemText,
  rateShort,
  remedyText,
  removalRemedyText,
  sizeLong,
} from '@sluice/words';
import { joinedPath } from '../../model/typed-line.ts';
import type { Theme } from '../../picture/picture.ts';
import { fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import { spelledText } from '../../picture/text/safe-text.ts';
import { wrapText } from '../../picture/text/wrap.ts';
import { fileWords, verificationText } from '../words/file-words.ts';
import { removedSentence, sourceFate } from '../words/removal-words.ts';

const labelColumns = 14;

/** A label and its text, which may need several lines. */
type Fact = readonly [label: string, text: string];

/** What is known in addition to a file: its row, and the attempts before and after it. */
export interface Around {
  readonly row: ScreenRow | undefined;
  readonly before: FileJson | undefined;
  readonly after: FileJson | undefined;
  /** Timeline of the file, as far as it is loaded. */
  readonly timeline: readonly TimelineJson[];
  /** The time for which the view is drawn, milliseconds since the epoch. */
  readonly moment: number;
}

/** Returns what is known about one attempt: both paths and their filesystems, sizes, hash, the sentences, the times. */
export function factLines(file: FileJson, route: ScreenRoute | undefined, around: Around, columns: number, theme: Theme): readonly Line[] {
  const facts: readonly Fact[] = [
    ...sideFacts(file, route, theme),
    ...sizes(file, around.row),
    ...verificationFacts(file, around),
    ...sentences(file, around),
    ...times(file),
    ['Id', `${file.id}  attempt ${file.attempt}`],
  ];
  return facts.flatMap(([label, text]) => factOf(label, text, columns, theme));
}

function factOf(label: string, text: string, columns: number, theme: Theme): readonly Line[] {
  const lines = wrapText(text, Math.max(8, columns - labelColumns - 1), theme);
  return lines.map(
    (line, index): Line => [fitted(index === 0 ? ` ${label}` : '', labelColumns, 'dim', theme), piece(line, 'plain', theme)],
  );
}

function sideFacts(file: FileJson, route: ScreenRoute | undefined, theme: Theme): readonly Fact[] {
  const from = route === undefined ? file.source : `${joinedPath(route.source, file.source)} ${route.sourceDescription ?? ''}`;
  const to =
    route === undefined ? file.destination : `${joinedPath(route.destination, file.destination)} ${route.destinationDescription ?? ''}`;
  const gone = file.sourceGone ? ' (removed since)' : '';
  const why = file.nameReason === null ? '' : ` (${file.nameReason === 'recovery' ? 'next to the failed copy' : 'the name was taken'})`;
  return [
    ['Route', file.route],
    ['Source', spelledText(from.trimEnd(), theme.unicode) + gone],
    ['Destination', spelledText(to.trimEnd(), theme.unicode) + why],
  ];
}

function sizes(file: FileJson, row: ScreenRow | undefined): readonly Fact[] {
  const size = `${sizeLong(file.sizeBytes)} (${countText(file.sizeBytes)} bytes)`;
  const copied = `${sizeLong(file.copiedBytes)}, ${percentText(file.percent)}`;
  const isMoving = file.hold === null && file.bytesPerSecond > 0;
  const eta = isMoving ? etaText(row?.etaMs ?? null) : '-';
  return [
    ['Size', size],
    ['Copied', `${copied}${isMoving ? `  ${rateShort(file.bytesPerSecond)} MB/s` : ''}${eta === '-' ? '' : `  ETA ${eta}`}`],
  ];
}

function verificationFacts(file: FileJson, around: Around): readonly Fact[] {
  const hash: readonly Fact[] = file.hash === null ? [] : [['Hash', `${file.hash.algorithm} ${file.hash.value}`]];
  const isDone = isCopied(file.status);
  const verified: readonly Fact[] = isDone ? [['Verified', `= ${verificationText(file)}`]] : [];
  const after = sourceAfter(file, around);
  return [...hash, ...verified, ...after];
}

/** Returns the state of the source file after its copy, and the remedy for a failed removal. */
function sourceAfter(file: FileJson, { row, timeline, moment }: Around): readonly Fact[] {
  const removed = removedSentence(timeline);
  if (file.afterCopy === 'done' && removed !== null) return [['Source after', removed]];
  const fate = sourceFate(file, row?.removal, moment);
  if (fate === null) return [];
  const [text = ''] = fate.texts;
  return [
    ['Source after', text],
    ...(fate.isBad ? [['Do', removalRemedyText(file.removalError?.code ?? row?.removal?.code ?? '', '; r tries it now')] as const] : []),
  ];
}

/** Returns what happened, for an operator and technically, what follows, and what to do. */
function sentences(file: FileJson, { row, before, after }: Around): readonly Fact[] {
  const { error } = file;
  if (error !== null) {
    const isOver: readonly Fact[] = row?.isLost === true ? [['Now', lostFact]] : [];
    const follows: readonly Fact[] = after === undefined ? isOver : [['Then', followingText(after)]];
    return [
      ['What', after === undefined ? error.operator : problemText(error, file.destination)],
      ...follows,
      ['Technical', `${error.technical} (${error.kind}, ${error.code})`],
    ];
  }
  const failed = row?.failure ?? before?.error ?? null;
  if (file.hold === 'needs_you' && file.nameValid && failed !== null) return problemFacts(file, failed, before);
  if (row?.isLost === true) return [['Now', lostFact]];
  if (row?.isSkipped === true) return [['Now', 'skipped by an operator (the timeline shows who and when); press r to copy it']];
  const front: readonly Fact[] =
    row?.isFirst === true ? [['Turn', 'first: an operator moved it to the front (the timeline shows who and when)']] : [];
  return [...front, ...(row === undefined || row.reason === '' ? [] : [['Now', row.reason] as const])];
}

const lostFact = 'vanished at the source before it was copied: no copy exists; press A to acknowledge that';

/** Returns why it needs a person. */
function problemFacts(file: FileJson, failed: KnownError, before: FileJson | undefined): readonly Fact[] {
  const attempts = file.attempt - 1;
  const remedy = remedyText(failed);
  const technical = before?.error?.technical;
  return [
    ['Problem', `needs you: ${problemText(failed, file.destination)} (${attempts} attempt${attempts === 1 ? '' : 's'})`],
    ['Do', remedy === null ? 'press r to try again' : `${remedy}, then press r to try again`],
    ...(technical === undefined ? [] : [['Technical', technical] as const]),
  ];
}

/** Returns the result of the attempt that followed a failed one. */
function followingText(after: FileJson): string {
  const { destination, endedAt } = after;
  const { brief } = fileWords({ file: after });
  switch (after.status) {
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      return `copied again as ${destination}${endedAt === null ? '' : ` at ${momentText(endedAt)}`}`;
    case 'FAILED':
      return `the next attempt, ${destination}, failed too: ${brief}`;
    case 'REMOVED':
      return 'removed at the source before it was copied again';
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      return `is being copied again as ${destination}: ${brief}`;
    case 'DISCOVERED':
    case 'GROWING':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
    case 'IN_QUEUE':
      return `will be copied again as ${destination}: ${brief}`;
    default:
      return unreachable(after.status);
  }
}

function times(file: FileJson): readonly Fact[] {
  const { discoveredAt, startedAt, endedAt } = file;
  return [
    ['Found', momentText(discoveredAt)],
    ...(startedAt === null ? [] : [['Started', momentText(startedAt)] as const]),
    ...(endedAt === null ? [] : [['Ended', momentText(endedAt)] as const]),
  ];
}
