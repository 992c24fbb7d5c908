import { clean } from '@sluice/words';
import stringWidth from 'string-width';
import { textLimits } from '../limits.ts';
import { clustersOf, isPlainlyNarrow } from './clusters.ts';

/** Text that may be shown, and its width in columns. */
export interface SafeText {
  readonly text: string;
  readonly width: number;
}

const isAscii = /^[ -~]*$/;

/**
 * Marks, and the vowels and ends of Hangul syllables, that blessed gives no column (Unicode 5, as in Markus Kuhn's `wcwidth`).
 * Newer marks are a column to blessed and none to string-width. Variation selectors are left out, because their effect on a width
 * differs.
 */
const markRanges = `
  300-34e 350-36f 483-486 488 489 591-5bd 5bf 5c1 5c2 5c4 5c5 5c7 610-615 64b-65e 670 6d6-6dc 6de-6e4 6e7 6e8
  6ea-6ed 711 730-74a 7a6-7b0 901 902 93c 941-948 94d 951-954 962 963 981 9bc 9c1-9c4 9cd a01 a02 a3c a41 a42
  a47 a48 a4b-a4d a70 a71 a81 a82 abc ac1-ac5 ac7 ac8 acd b82 bc0 bcd c3e-c40 c46-c48 c4a-c4d cbc cbf cc6 ccc
  ccd d41-d43 d4d e31 e34-e3a e47-e4e eb1 eb4-eb9 ebb ebc ec8-ecd 1161-11ff 1734 17b7-17bd 17c6 17c9-17d3
  1dc0-1dca 20d0-20ef 302a-302d 3099 309a`;

const mark = new RegExp(`^[${markRanges.trim().split(/\s+/).map(escaped).join('')}]$`, 'u');

/** @param range code points in hexadecimal: `300-34e`, `5bf` */
function escaped(range: string): string {
  return range
    .split('-')
    .map((point) => `\\u{${point}}`)
    .join('-');
}

/** Characters of two columns to blessed. The newer half of the Hangul letters is none to string-width, and terminals never agreed on it. */
const wide =
  /^[\u1100-\u115e\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3000-\u3029\u3030-\u303e\u3041-\u3096\u309b-\u30ff\u3105-\u312d\u3131-\u3163\u3165-\u318e\u3190-\u31ba\u31c0-\u31e3\u31f0-\u321e\u3220-\u3247\u3250-\u32fe\u3300-\u4dbf\u4e00-\ua48c\ua490-\ua4c6\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6\ud7b0-\ud7fb\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]$/u;

/** Unassigned characters, whose width is not known. */
const unassigned = /^\p{Cn}$/u;

/** Letters, figures, marks with their own column, signs and spaces; neither unassigned nor private characters. */
const narrow = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\p{Mc}]$/u;

/**
 * Makes any text safe to show: cleaned, and with `?` for each column of a cluster whose width terminals, blessed and string-width
 * do not agree on. Without `unicode` only ASCII is left.
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

/** Yields the same cluster by cluster, for a caller that needs only the beginning. */
export function* safeClusters(text: string, unicode: boolean): Generator<SafeText> {
  for (const cluster of clustersOf(clean(text))) yield safeCluster(cluster, unicode);
}

/** Makes a text safe that has to be read exactly: what cannot be shown is spelled, as in `\u{1F3AC}`. */
export function spelledText(text: string, unicode: boolean): string {
  let spelled = '';
  for (const cluster of clustersOf(text)) {
    const isShown = safeText(cluster, unicode).text === cluster;
    spelled += isShown ? cluster : Array.from(cluster, (character) => (isAscii.test(character) ? character : escapeOf(character))).join('');
  }
  return spelled;
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

function safeCluster(cluster: string, unicode: boolean): SafeText {
  const measured = measuredCluster(cluster);
  return unicode || isAscii.test(cluster) ? measured : { text: '?'.repeat(measured.width), width: measured.width };
}

/** A cache: measuring takes microseconds, and the names in a folder consist of the same few letters. */
const remembered = new Map<string, SafeText>();

function measuredCluster(cluster: string): SafeText {
  const known = remembered.get(cluster);
  if (known !== undefined) return known;
  const measured = measure(cluster);
  if (remembered.size >= textLimits.remembered) remembered.clear();
  if (cluster.length <= textLimits.rememberedLength) remembered.set(cluster, measured);
  return measured;
}

function measure(cluster: string): SafeText {
  if (isPlainlyNarrow(cluster)) return { text: cluster, width: 1 };
  const width = stringWidth(cluster);
  if (width > 0 && width === agreedWidth(cluster)) return { text: cluster, width };
  const cells = Math.max(1, width);
  return { text: '?'.repeat(cells), width: cells };
}

/** @returns NaN if there is no agreed width */
function agreedWidth(cluster: string): number {
  let width = 0;
  let marks = 0;
  for (const character of cluster) {
    if (mark.test(character)) marks += 1;
    else if (unassigned.test(character)) return Number.NaN;
    else if (wide.test(character)) width += 2;
    else width += narrow.test(character) ? 1 : Number.NaN;
  }
  return marks > textLimits.marks ? Number.NaN : width;
}
