import { countText, percentText, sizeShort } from '@sluice/words';
import type { SafeDialog } from '../../model/dialogs.ts';
import type { Model } from '../../model/model.ts';
import type { SafeProgress } from '../../model/safe.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, gaugeText, type Line, piece } from '../../picture/pieces/pieces.ts';
import type { LazyLine } from '../../picture/pieces/scrolled.ts';
import { paragraphLines, titledLines, type ViewTitle } from './titled.ts';

/** Returns the progress of the check, or its answer, in exactly `height` lines. */
export function safeLines(model: Model, dialog: SafeDialog, height: number, theme: Theme): readonly Line[] {
  const { columns } = model.size;
  return titledLines(titleOf(dialog), safeBody(model, dialog, theme), dialog.scroll, { columns, height }, theme);
}

function titleOf({ asked: { route, folder, reads } }: SafeDialog): ViewTitle {
  const part = folder === null ? 'the whole source' : folder;
  return { name: 'SAFE TO CLEAR?', text: `${route}: ${part}${reads ? ', reading the bytes' : ''}`, tone: 'dim' };
}

/** Returns everything below the title. */
export function safeBody(model: Model, { answer, progress, trouble }: SafeDialog, theme: Theme): readonly LazyLine[] {
  const { columns } = model.size;
  const text = (said: string, tone: Tone, indentation = 1): readonly Line[] => paragraphLines(said, indentation, tone, columns, theme);
  if (trouble !== null) return lazy([[], ...text(`cannot be checked: ${trouble}`, 'bad')]);
  if (answer === null) return lazy(runningLines(progress, columns, theme));
  const { isSafe, verdict, files, more, notes } = answer;
  const isMany = files.some(({ route }) => route !== files[0]?.route);
  const rows = files.map(({ route, path, text: why }): LazyLine[] =>
    lazyParagraph(`${isMany ? `${route}  ` : ''}${path}: ${why}`, columns, theme),
  );
  return [
    ...lazy([[], ...text(verdict, isSafe ? 'good' : 'bad'), ...(files.length + notes.length === 0 ? [] : [[]])]),
    ...rows.flat(),
    ...lazy(more === 0 ? [] : text(`and ${countText(more)} more; "sluice safe --json" names all of them`, 'dim', 3)),
    ...lazy(notes.length === 0 || files.length === 0 ? [] : [[]]),
    ...lazy(notes.flatMap((note) => text(note, 'dim'))),
  ];
}

const lazy = (lines: readonly Line[]): readonly LazyLine[] => lines.map((line) => () => line);

function lazyParagraph(text: string, columns: number, theme: Theme): LazyLine[] {
  return paragraphLines(text, 3, 'plain', columns, theme).map((line) => () => line);
}

const gaugeColumns = 42;

function runningLines(progress: SafeProgress | null, columns: number, theme: Theme): readonly Line[] {
  if (progress === null || progress.allFiles === null || progress.allBytes === null) {
    const listed = progress === null || progress.files === 0 ? '' : `: ${countText(progress.files)} files`;
    return [[], [blank(1), piece(`listing the source${listed}`, 'busy', theme)], ...endsText(columns, theme)];
  }
  const { files, bytes, allFiles, allBytes } = progress;
  // Without reading, the time depends on the number of files, and with it on their bytes, of which the files are counted when they are read.
  const share = allBytes > 0 ? bytes / allBytes : allFiles > 0 ? files / allFiles : 1;
  const figures = `${countText(files)} of ${countText(allFiles)} files, ${sizeShort(bytes)} of ${sizeShort(allBytes)}`;
  return [
    [],
    [
      blank(1),
      piece(gaugeText(share, Math.min(gaugeColumns, columns - 8), theme), 'busy', theme),
      piece(` ${percentText(share * 100)}`, 'busy', theme),
    ],
    ...paragraphLines(figures, 1, 'plain', columns, theme),
    ...endsText(columns, theme),
  ];
}

function endsText(columns: number, theme: Theme): readonly Line[] {
  return [[], ...paragraphLines('Nothing is changed. Copying goes on meanwhile. Esc ends the check.', 1, 'dim', columns, theme)];
}
