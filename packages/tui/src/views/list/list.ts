import type { ScreenRow } from '@sluice/control';
import { isCopied } from '@sluice/core/model';
import { parseFilter } from '@sluice/lists';
import { etaText, rateShort, shortTime, sizeShort } from '@sluice/words';
import { limits } from '../../limits.ts';
import type { Model } from '../../model/model.ts';
import { momentOf, shownFrame } from '../../model/shown.ts';
import { glyphsOf } from '../../picture/glyphs.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, filled, fitted, gaugeText, type Line, type Piece } from '../../picture/pieces/pieces.ts';
import { firstFitting } from '../../picture/text/cut-text.ts';
import { aroundFile } from '../words/destination-words.ts';
import { type FileWords, fileWords } from '../words/file-words.ts';
import { lostText } from '../words/link-words.ts';
import { type ListColumns, listColumns } from './list-columns.ts';

/** Returns `  NAME                   STATE      PROGRESS                   SIZE  MB/s   ETA`. */
export function listTitles(model: Model, theme: Theme): Line {
  const { columns } = model.size;
  const at = columnsOf(model);
  const title = (text: string, width: number, isRight = false): Piece =>
    fitted(text, width, 'dim', theme, { align: isRight ? 'right' : 'left' });
  return filled(
    [
      blank(2),
      title('NAME', at.name),
      blank(1),
      ...(at.route === 0 ? [] : [title('ROUTE', at.route)]),
      title('STATE', at.state),
      title('PROGRESS', at.progress),
      title('SIZE', at.size, true),
      title('MB/s', at.rate, true),
      title('ETA', at.eta, true),
    ],
    columns,
    theme,
  );
}

/** Returns the rows of the list, exactly `height` lines. */
export function listLines(model: Model, height: number, theme: Theme): readonly Line[] {
  const rows = listWindow(model, height);
  const lines = rows.length === 0 ? [emptyLine(model, theme)] : rows.map((row) => rowLine(model, row, theme));
  const filling = Math.max(0, height - lines.length);
  return [...lines, ...Array.from({ length: filling }, (): Line => [])].slice(0, height);
}

function emptyLine(model: Model, theme: Theme): Line {
  const { text, tone } = emptyText(model);
  return [fitted(`  ${text}`, model.size.columns, tone, theme)];
}

function emptyText(model: Model): { readonly text: string; readonly tone: Tone } {
  const frame = shownFrame(model);
  const { tab, link, filter } = model;
  if (frame === null) return { text: link.kind === 'lost' ? lostText(link) : 'loading', tone: 'dim' };
  if (frame.rows.matched > 0) return { text: 'loading this part of the list', tone: 'dim' };
  const { trouble } = parseFilter(filter.text);
  if (trouble !== null) return { text: `${trouble}; Esc clears the filter`, tone: 'dim' };
  if (frame.rows.total > 0 && filter.text !== '') return { text: 'nothing matches; Esc clears the filter', tone: 'dim' };
  return { text: emptyTexts[tab], tone: tab === 'needs_you' ? 'good' : 'dim' };
}

/** An empty tab is good news, or its text says where else to look. */
const emptyTexts = {
  all: 'No files.',
  active: 'Nothing is being copied or recorded.',
  waiting: 'Nothing waits.',
  needs_you: 'Nothing needs you.',
  done: 'Nothing ended recently; 6 shows the history.',
  history: '',
} as const satisfies Record<Model['tab'], string>;

function columnsOf(model: Model): ListColumns {
  return listColumns(model.size.columns, (shownFrame(model)?.routes.length ?? 0) > 1);
}

function rowLine(model: Model, row: ScreenRow, theme: Theme): Line {
  const at = columnsOf(model);
  const words = fileWords(row, aroundFile(model, row.file), momentOf(model));
  const isSelected = row.file.id === model.selected;
  const tone = (usual: Tone): Tone => (isSelected ? 'selected' : usual);
  const cell = (text: string, width: number, usual: Tone, isRight = false): Piece =>
    fitted(text, width, tone(usual), theme, { align: isRight ? 'right' : 'left' });
  const state =
    at.brief > 0
      ? [
          cell(
            firstFitting([words.brief, ...(words.shorter ?? []).map((text) => `${words.mark} ${text}`)], at.brief, theme),
            at.brief,
            words.tone,
          ),
        ]
      : [cell(`${words.mark} ${words.word}`, at.state, words.tone), cell(progressText(words, at.progress, theme), at.progress, words.tone)];
  const line: Line = [
    cell(isSelected ? '> ' : '  ', 2, 'plain'),
    fitted(nameText(row, at.name, theme), at.name, tone(nameTone(row)), theme, { keep: 'ends' }),
    blank(1, tone('plain')),
    ...(at.route === 0 ? [] : [cell(row.file.route, at.route - 1, 'plain'), blank(1, tone('plain'))]),
    ...state,
    ...(at.size === 0 ? [] : [cell(sizeShort(row.file.sizeBytes), at.size, 'plain', true)]),
    ...(at.rate === 0 ? [] : [cell(rateShort(model.link.kind === 'lost' ? 0 : movingRate(row)), at.rate, 'plain', true)]),
    ...(at.eta === 0
      ? []
      : [cell(endText(model.link.kind === 'lost' ? { ...row, etaMs: null } : row, momentOf(model)), at.eta, 'plain', true)]),
  ];
  return filled(line, model.size.columns, theme, tone('plain'));
}

/** A recovery is indented below the FAILED file that it recovers. */
function nameText({ file, depth }: ScreenRow, columns: number, theme: Theme): string {
  if (depth === 1) return `\`-${file.destination}`;
  if (file.destination === file.source || columns < 40) return file.source;
  return `${file.source} ${glyphsOf(theme).arrow} ${file.destination}`;
}

function nameTone({ file }: ScreenRow): Tone {
  return file.status === 'REMOVED' || (file.status === 'FAILED' && file.recoveredBy !== null) ? 'dim' : 'plain';
}

/** Returns `[####......] 41%`. A word comes first, and then the gauge if there is room. */
function progressText({ progress, shorter, share }: FileWords, columns: number, theme: Theme): string {
  if (shorter !== undefined) return firstFitting([progress, ...shorter], columns - 1, theme);
  if (share === null) return progress;
  const isFigure = progress.endsWith('%') && progress.length <= 4;
  if (isFigure) return `${gaugeText(share, Math.min(limits.gaugeColumns, Math.max(12, columns - 13)), theme)} ${progress}`;
  const room = Math.min(limits.gaugeColumns, columns - progress.length - 2);
  return room < limits.minGaugeColumns ? progress : `${progress} ${gaugeText(share, room, theme)}`;
}

const moving: ReadonlySet<ScreenRow['file']['status']> = new Set(['COPYING', 'GROWING_COPY', 'VERIFYING'] as const);

function movingRate({ file }: ScreenRow): number {
  return file.hold === null && moving.has(file.status) ? file.bytesPerSecond : 0;
}

/** Returns when the copy ended, or how long it still takes. */
function endText({ file, etaMs }: ScreenRow, moment: number): string {
  if (isCopied(file.status)) return file.endedAt === null ? '-' : shortTime(file.endedAt, moment);
  return file.hold === null && file.status !== 'FAILED' ? etaText(etaMs) : '-';
}

/** Returns the rows that are visible in a list of this height. The selected row is always among them. */
export function listWindow(model: Model, height: number): readonly ScreenRow[] {
  const rows = shownFrame(model)?.rows;
  if (rows === undefined || height <= 0) return [];
  const last = Math.max(0, rows.rows.length - height);
  const wanted = Math.min(Math.max(0, model.top - rows.offset), last);
  const selected = rows.rows.findIndex(({ file }) => file.id === model.selected);
  return rows.rows.slice(withSelected(wanted, selected, height)).slice(0, height);
}

function withSelected(first: number, selected: number, height: number): number {
  if (selected < 0) return first;
  if (selected < first) return selected;
  return selected >= first + height ? selected - height + 1 : first;
}
