import type { Span, Theme, Tone } from '../../picture/picture.ts';

/** Flags, and the numbers of colours in xterm's palette. Absent: the terminal's own colour. */
interface Style {
  readonly foreground?: number;
  readonly background?: number;
  readonly bold?: true;
  readonly inverse?: true;
}

type Styles = Readonly<Record<Tone, Style>>;

const dark256: Styles = {
  plain: {},
  dim: { foreground: 245 },
  title: { foreground: 255, bold: true },
  key: { foreground: 81 },
  good: { foreground: 114 },
  bad: { foreground: 203 },
  warn: { foreground: 221 },
  busy: { foreground: 117 },
  alarm: { foreground: 231, background: 160, bold: true },
  notice: { foreground: 16, background: 221 },
  tour: { foreground: 231, background: 61 },
  selected: { foreground: 231, background: 24 },
};

const light256: Styles = {
  plain: {},
  dim: { foreground: 243 },
  title: { foreground: 16, bold: true },
  key: { foreground: 25 },
  good: { foreground: 28 },
  bad: { foreground: 160 },
  warn: { foreground: 130 },
  busy: { foreground: 26 },
  alarm: { foreground: 231, background: 160, bold: true },
  notice: { foreground: 16, background: 222 },
  tour: { foreground: 16, background: 183 },
  selected: { foreground: 16, background: 153 },
};

const dark16: Styles = {
  plain: {},
  dim: { foreground: 8 },
  title: { bold: true },
  key: { foreground: 14 },
  good: { foreground: 10 },
  bad: { foreground: 9 },
  warn: { foreground: 11 },
  busy: { foreground: 14 },
  alarm: { foreground: 15, background: 1, bold: true },
  notice: { foreground: 0, background: 3 },
  tour: { foreground: 15, background: 5 },
  selected: { inverse: true },
};

/** For a light background, on which bright colours are unreadable. */
const light16: Styles = {
  ...dark16,
  key: { foreground: 4 },
  good: { foreground: 2 },
  bad: { foreground: 1 },
  warn: { foreground: 5 },
  busy: { foreground: 4 },
};

const mono: Styles = {
  plain: {},
  dim: {},
  title: { bold: true },
  key: { bold: true },
  good: {},
  bad: { bold: true },
  warn: { bold: true },
  busy: {},
  alarm: { bold: true, inverse: true },
  notice: { inverse: true },
  tour: { inverse: true },
  selected: { inverse: true },
};

const ownColour = 0x1ff;
const boldFlag = 1;
const inverseFlag = 8;

/** Blessed's attributes of a cell without colour and flags. */
export const plainAttributes = pack({});

/** Returns a function from a span to blessed's attributes for its cells. */
export function attributesOf(theme: Theme): (span: Pick<Span, 'tone' | 'bold' | 'inverse'>) => number {
  const styles = stylesOf(theme);
  return ({ tone, bold, inverse }) => {
    const style = styles[tone];
    return pack({ ...style, ...(bold === true && { bold }), ...(inverse === true && { inverse }) });
  };
}

function stylesOf({ colours, light }: Theme): Styles {
  if (colours === 0) return mono;
  if (colours === 16) return light ? light16 : dark16;
  return light ? light256 : dark256;
}

function pack({ foreground = ownColour, background = ownColour, bold, inverse }: Style): number {
  const flags = (bold === true ? boldFlag : 0) | (inverse === true ? inverseFlag : 0);
  return (flags << 18) | (foreground << 9) | background;
}
