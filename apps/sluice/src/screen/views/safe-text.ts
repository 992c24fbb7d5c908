import stringWidth from 'string-width';
import { clean } from '../../text/clean.ts';

/** Text that may be shown, and the columns it takes. */
export interface SafeText {
  readonly text: string;
  readonly width: number;
}

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const isAscii = /^[ -~]*$/;

/**
 * Marks that take no column for blessed as for string-width (Unicode 5, as in Markus Kuhn's `wcwidth`). Younger ones are
 * a column to the one and none to the other. Variation selectors are left out: what they do to a width is anybody's guess.
 */
const mark =
  /^[\u0300-\u034e\u0350-\u036f\u0483-\u0486\u0488\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u0615\u064b-\u065e\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0901\u0902\u093c\u0941-\u0948\u094d\u0951-\u0954\u0962\u0963\u0981\u09bc\u09c1-\u09c4\u09cd\u0a01\u0a02\u0a3c\u0a41\u0a42\u0a47\u0a48\u0a4b-\u0a4d\u0a70\u0a71\u0a81\u0a82\u0abc\u0ac1-\u0ac5\u0ac7\u0ac8\u0acd\u0b82\u0bc0\u0bcd\u0c3e-\u0c40\u0c46-\u0c48\u0c4a-\u0c4d\u0cbc\u0cbf\u0cc6\u0ccc\u0ccd\u0d41-\u0d43\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0eb9\u0ebb\u0ebc\u0ec8-\u0ecd\u17b7-\u17bd\u17c6\u17c9-\u17d3\u1dc0-\u1dca\u20d0-\u20ef\u302a-\u302d\u3099\u309a]$/u;

/** Two columns to everybody. The younger kana and symbols of the astral planes are one to blessed. */
const wide =
  /^[\u1100-\u115e\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3000-\u3029\u3030-\u303e\u3041-\u3096\u309b-\u30ff\u3105-\u312d\u3131-\u3163\u3165-\u318e\u3190-\u31ba\u31c0-\u31e3\u31f0-\u321e\u3220-\u3247\u3250-\u32fe\u3300-\u4dbf\u4e00-\ua48c\ua490-\ua4c6\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]$/u;

/** Letters, figures, marks with a column of their own, signs and spaces; not unassigned ones, not private ones. */
const narrow = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\p{Mc}]$/u;

/** A taller pile of marks reaches into the rows above. */
const mostMarks = 4;

/**
 * What may be shown of a text from anywhere: cleaned, and with `?` for each column of a cluster whose width terminals,
 * blessed and string-width do not agree on. Without `unicode` nothing but ASCII is left.
 */
export function safeText(text: string, unicode: boolean): SafeText {
  if (isAscii.test(text)) return { text, width: text.length };
  let shown = '';
  let width = 0;
  for (const cluster of safeClusters(text, unicode)) {
    shown += cluster.text;
    width += cluster.width;
  }
  return { text: shown, width };
}

/** The same, a cluster at a time: who needs the beginning only does not pay for the rest. */
export function* safeClusters(text: string, unicode: boolean): Generator<SafeText> {
  for (const { segment } of clusters.segment(clean(text))) yield safeCluster(segment, unicode);
}

function safeCluster(cluster: string, unicode: boolean): SafeText {
  if (isAscii.test(cluster)) return { text: cluster, width: cluster.length };
  const width = stringWidth(cluster);
  if (unicode && width > 0 && width === agreedWidth(cluster)) return { text: cluster, width };
  const cells = Math.max(1, width);
  return { text: '?'.repeat(cells), width: cells };
}

/** @returns NaN where nothing is agreed on */
function agreedWidth(cluster: string): number {
  let width = 0;
  let marks = 0;
  for (const character of cluster) {
    if (mark.test(character)) marks += 1;
    else if (wide.test(character)) width += 2;
    else width += narrow.test(character) ? 1 : Number.NaN;
  }
  return marks > mostMarks ? Number.NaN : width;
}
