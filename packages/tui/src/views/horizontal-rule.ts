import { countText } from '@sluice/words';
import type { Model } from '../model/model.ts';
import { shownFrame } from '../model/shown.ts';
import { glyphsOf } from '../picture/glyphs.ts';
import type { Theme } from '../picture/picture.ts';
import { filled, fitted, type Line, piece, widthOf } from '../picture/pieces/pieces.ts';
import { cutSentence } from '../picture/text/cut-text.ts';

/** Returns the line above the list. It shows settings that are not the default: another order, hidden files. */
export function ruleLine(model: Model, theme: Theme): Line {
  const { columns } = model.size;
  const { horizontal } = glyphsOf(theme);
  const said = unusual(model).map((text) => piece(`${horizontal.repeat(2)} ${text} `, 'dim', theme));
  const rest = Math.max(0, columns - widthOf(said));
  return filled([...said, piece(horizontal.repeat(rest), 'dim', theme)], columns, theme);
}

function unusual(model: Model): readonly string[] {
  const { sort, isReversed, hideRecovered, hasMouse, tab } = model;
  if (tab === 'history') return [];
  const order = sort === 'attention' && !isReversed ? [] : [`sort: ${sort}${isReversed ? ', reversed' : ''}`];
  const hidden = hiddenByFilter(model);
  return [
    ...(hidden > 0 ? [`the filter hides ${countText(hidden)}`] : []),
    ...order,
    ...(hideRecovered ? ['recovered ones are hidden'] : []),
    ...(hasMouse ? ['mouse'] : []),
  ];
}

/** A filter stays when another tab is chosen. */
function hiddenByFilter(model: Model): number {
  const rows = shownFrame(model)?.rows;
  return rows === undefined || model.filter.text === '' ? 0 : rows.total - rows.matched;
}

/** Returns what was last done, or why it was not. Null: nothing to say any more. */
export function noticeLine(model: Model, theme: Theme): Line | null {
  const { notice, now, size } = model;
  if (notice === null || notice.untilAt <= now) return null;
  const text = notice.isBad ? ` ! ${notice.text}` : ` ${notice.text}`;
  return [fitted(cutSentence(text, size.columns, theme), size.columns, notice.isBad ? 'alarm' : 'notice', theme)];
}
