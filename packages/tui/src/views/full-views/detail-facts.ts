import type { FileJson, ScreenRoute, ScreenRow } from '@sluice/control';
import { isCopied } from '@sluice/core/model';
import { countText, etaText, momentText, percentText, rateShort, sizeLong } from '@sluice/words';
import { joinedPath } from '../../model/typed.ts';
import type { Theme } from '../../picture/picture.ts';
import { fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import { wrapText } from '../../picture/text/wrap.ts';
import { verificationText } from '../words/file-words.ts';

const labelColumns = 14;

/** A label and its text, which may need several lines. */
type Fact = readonly [label: string, text: string];

/** What is known of one attempt: both paths and what they are, sizes, hash, the sentences, the times. */
export function factLines(
  file: FileJson,
  route: ScreenRoute | undefined,
  row: ScreenRow | undefined,
  columns: number,
  theme: Theme,
): readonly Line[] {
  const facts: readonly Fact[] = [
    ...sideFacts(file, route),
    ...sizes(file, row),
    ...verificationFacts(file),
    ...sentences(file, row),
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

function sideFacts(file: FileJson, route: ScreenRoute | undefined): readonly Fact[] {
  const from = route === undefined ? file.source : `${joinedPath(route.source, file.source)} ${route.sourceDescription ?? ''}`;
  const to =
    route === undefined ? file.destination : `${joinedPath(route.destination, file.destination)} ${route.destinationDescription ?? ''}`;
  const gone = file.sourceGone ? ' (gone since)' : '';
  const why =
    file.nameReason === null ? '' : ` (${file.nameReason === 'recovery' ? 'next to what the failed one left' : 'the name was taken'})`;
  return [
    ['Route', file.route],
    ['Source', from.trimEnd() + gone],
    ['Destination', to.trimEnd() + why],
  ];
}

function sizes(file: FileJson, row: ScreenRow | undefined): readonly Fact[] {
  const size = `${sizeLong(file.sizeBytes)} (${countText(file.sizeBytes)} bytes)`;
  const copied = `${sizeLong(file.copiedBytes)}, ${percentText(file.percent)}`;
  const isMoving = file.hold === null && file.bytesPerSecond > 0;
  const eta = isMoving ? etaText(row?.etaMs ?? null) : '-';
  return [
    ['Size', size],
    ['Carried', `${copied}${isMoving ? `  ${rateShort(file.bytesPerSecond)} MB/s` : ''}${eta === '-' ? '' : `  ETA ${eta}`}`],
  ];
}

function verificationFacts(file: FileJson): readonly Fact[] {
  const hash: readonly Fact[] = file.hash === null ? [] : [['Hash', `${file.hash.algorithm} ${file.hash.value}`]];
  const isDone = isCopied(file.status);
  const verified: readonly Fact[] = isDone ? [['Proof', `= ${verificationText(file)}`]] : [];
  const after: readonly Fact[] = file.afterCopy === 'none' ? [] : [['Source after', `removal ${file.afterCopy}`]];
  return [...hash, ...verified, ...after];
}

/** What happened, in two versions: for an operator, and technically. */
function sentences(file: FileJson, row: ScreenRow | undefined): readonly Fact[] {
  if (file.error !== null) {
    return [
      ['What', file.error.operator],
      ['Technical', `${file.error.technical} (${file.error.kind}, ${file.error.code})`],
    ];
  }
  return row === undefined || row.reason === '' ? [] : [['Now', row.reason]];
}

function times(file: FileJson): readonly Fact[] {
  const { discoveredAt, startedAt, endedAt } = file;
  return [
    ['Found', momentText(discoveredAt)],
    ...(startedAt === null ? [] : [['Begun', momentText(startedAt)] as const]),
    ...(endedAt === null ? [] : [['Ended', momentText(endedAt)] as const]),
  ];
}
