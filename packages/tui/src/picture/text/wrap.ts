import { textLimits } from '../limits.ts';
import type { Theme } from '../picture.ts';
import { cutText } from './cut-text.ts';
import { type SafeText, safeClusters } from './safe-text.ts';

/**
 * Wraps any text into lines of at most this many columns, between words if possible. It keeps the indentation, and the gaps within
 * a line, which may be those of a table.
 */
export function wrapText(text: string, columns: number, theme: Theme): readonly string[] {
  const indentation = /^ */.exec(text)?.[0].slice(0, Math.floor(columns / 4)) ?? '';
  const begun: SafeText = { text: indentation, width: indentation.length };
  const lines: SafeText[] = [];
  let line = begun;
  for (const { gap, word } of wordsOf(text)) {
    for (const [index, part] of partsOf(word, Math.max(1, columns - indentation.length), theme).entries()) {
      const space = line === begun || index > 0 ? 0 : gap;
      const isFull = line !== begun && line.width + space + part.width > columns;
      if (isFull) lines.push(line);
      line = isFull ? joined(begun, 0, part) : joined(line, space, part);
    }
  }
  return [...lines, line].slice(0, textLimits.wrappedLines).map((each) => cutText(each.text, columns, theme).text);
}

function joined(line: SafeText, gap: number, part: SafeText): SafeText {
  return { text: line.text + ' '.repeat(gap) + part.text, width: line.width + gap + part.width };
}

/** Returns words with the blanks before them. */
function wordsOf(text: string): readonly { readonly gap: number; readonly word: string }[] {
  return Array.from(text.slice(0, textLimits.wrappedLength).matchAll(/( *)([^ ]+)/g), ([, gap = '', word = '']) => ({
    gap: gap.length,
    word,
  }));
}

/** Returns a word that is longer than a line in pieces. */
function partsOf(word: string, columns: number, theme: Theme): readonly SafeText[] {
  const parts: SafeText[] = [];
  let part: SafeText = { text: '', width: 0 };
  for (const cluster of safeClusters(word, theme.unicode)) {
    if (part.width > 0 && part.width + cluster.width > columns) {
      parts.push(part);
      part = { text: '', width: 0 };
    }
    part = { text: part.text + cluster.text, width: part.width + cluster.width };
  }
  return [...parts, part];
}
