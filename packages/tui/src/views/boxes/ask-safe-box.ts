import type { AskSafeDialog } from '../../model/dialogs.ts';
import type { Theme } from '../../picture/picture.ts';
import { type BoxContent, type Paragraph, typedLine } from '../../picture/pieces/box.ts';
import { piece } from '../../picture/pieces/pieces.ts';

/** Returns the dialog that asks which source and which folder of it should be checked. */
export function askSafeContent({ targets, at, typed, after = 0, reads }: AskSafeDialog, columns: number, theme: Theme): BoxContent {
  const target = targets[at];
  const where = target === undefined ? '' : `${target.route}  ${target.source}`;
  const plain = (text: string): Paragraph => ({ text, tone: 'plain' });
  const source: Paragraph = { text: where, tone: 'key' };
  const how = reads
    ? 'The bytes on both sides are read again, which takes as long as reading them.'
    : 'Bytes are not read again; Tab changes that.';
  return {
    title: 'SAFE TO CLEAR?',
    paragraphs: [
      plain('Is every file that is at the source now verified at every destination?'),
      source,
      plain(how),
      plain('Empty: the whole source.'),
    ],
    shorter: [[source, plain(reads ? 'Reads all bytes again.' : 'Tab: read all bytes, too.'), plain('Empty: the whole source.')], [source]],
    asked: typedLine([piece('Folder: ', 'plain', theme)], { text: typed, after }, columns, theme),
  };
}
