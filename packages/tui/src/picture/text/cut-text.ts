import { glyphsOf } from '../glyphs.ts';
import { textLimits } from '../limits.ts';
import type { Theme } from '../picture.ts';
import { type SafeText, safeClusters, safeText } from './safe-text.ts';

/** Which part stays. `ends`: names differ as often in their digits and extensions as in their beginning. */
export type Keep = 'start' | 'ends' | 'end';

/** The share of the columns for the end, which has digits and extensions. */
const tailShare = 0.55;

/** Returns safe text of at most this many columns, with an ellipsis where something was left out. */
export function cutText(text: string, columns: number, theme: Theme, keep: Keep = 'start'): SafeText {
  const whole = safeText(bothEnds(text), theme.unicode);
  if (whole.width <= columns) return whole;
  const { ellipsis } = glyphsOf(theme);
  const room = columns - ellipsis.length;
  const clusters = [...safeClusters(whole.text, theme.unicode)];
  if (room < 2) return begin(clusters, columns);
  const tail = keep === 'start' ? 0 : keep === 'end' ? room : Math.ceil(room * tailShare);
  const front = begin(clusters, room - tail);
  const back = end(clusters, tail);
  return { text: front.text + ellipsis + back.text, width: front.width + ellipsis.length + back.width };
}

function bothEnds(text: string): string {
  return text.length <= textLimits.cutLength ? text : text.slice(0, textLimits.cutLength / 2) + text.slice(-textLimits.cutLength / 2);
}

function begin(clusters: readonly SafeText[], columns: number): SafeText {
  let text = '';
  let width = 0;
  for (const cluster of clusters) {
    if (width + cluster.width > columns) break;
    text += cluster.text;
    width += cluster.width;
  }
  return { text, width };
}

function end(clusters: readonly SafeText[], columns: number): SafeText {
  let text = '';
  let width = 0;
  for (let index = clusters.length - 1; index >= 0; index -= 1) {
    const cluster = clusters[index];
    if (cluster === undefined || width + cluster.width > columns) break;
    text = cluster.text + text;
    width += cluster.width;
  }
  return { text, width };
}

/** Cuts a sentence about a file, `day1/clip.mxf: copied and verified`. If it is too long, the name is shortened in the middle. */
export function cutSentence(text: string, columns: number, theme: Theme): string {
  if (safeText(bothEnds(text), theme.unicode).width <= columns) return text;
  const at = text.indexOf(': ');
  if (at < 0) return text;
  const rest = text.slice(at);
  const room = Math.max(Math.min(textLimits.nameColumns, columns), columns - safeText(bothEnds(rest), theme.unicode).width);
  return cutText(text.slice(0, at), room, theme, 'ends').text + rest;
}

/** Returns the first of these texts that fits, or else the last. */
export function firstFitting(texts: readonly string[], columns: number, theme: Theme): string {
  return texts.find((text) => safeText(text, theme.unicode).width <= columns) ?? texts.at(-1) ?? '';
}
