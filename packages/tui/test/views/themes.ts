import stringWidth from 'string-width';
import type { Picture, Span, Theme } from '../../src/picture/picture.ts';

export const themes = {
  colours: { colours: 256, unicode: true, light: false },
  mono: { colours: 0, unicode: true, light: false },
  ascii: { colours: 256, unicode: false, light: false },
} as const satisfies Readonly<Record<string, Theme>>;

type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];

export const unicode: Theme = themes.colours;
export const ascii: Theme = themes.ascii;

export function textOf(row: readonly { readonly text: string }[]): string {
  return row.map(({ text }) => text).join('');
}

export function textsOf(picture: Picture): string[] {
  return picture.rows.map(textOf);
}

/** Returns a picture as text: every row to its end, and next to it the spans that are not plain. */
export function frameText(picture: Picture): string {
  const rows = picture.rows.map((row) => `${textOf(row)}|${besides(row)}`);
  const { cursor } = picture;
  return [...rows, cursor === null ? 'no cursor' : `cursor at row ${cursor.row}, column ${cursor.column}`].join('\n');
}

/** `bad@25+10`: from column 25 on, 10 columns. */
function besides(row: readonly Span[]): string {
  const shown: string[] = [];
  let column = 0;
  for (const { text, tone, bold, inverse } of row) {
    const kinds = [...(tone === 'plain' ? [] : [tone]), ...(bold === true ? ['bold'] : []), ...(inverse === true ? ['inverse'] : [])];
    const width = stringWidth(text);
    if (kinds.length > 0) shown.push(`${kinds.join('&')}@${column}+${width}`);
    column += width;
  }
  return shown.length === 0 ? '' : ` ${shown.join(' ')}`;
}
