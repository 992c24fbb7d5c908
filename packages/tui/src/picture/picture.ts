/** What a span means. What colour that is, if any, is the terminal's business. */
export type Tone = 'plain' | 'dim' | 'title' | 'key' | 'good' | 'bad' | 'warn' | 'busy' | 'alarm' | 'notice' | 'tour' | 'selected';

export const tones = [
  'plain',
  'dim',
  'title',
  'key',
  'good',
  'bad',
  'warn',
  'busy',
  'alarm',
  'notice',
  'tour',
  'selected',
] as const satisfies readonly Tone[];

/** What the terminal can show. */
export interface Theme {
  /** 0: mono, by marks, bold and inverse only. */
  readonly colours: 256 | 16 | 0;
  /** Else nothing but ASCII. */
  readonly unicode: boolean;
  /** A light background. */
  readonly light: boolean;
}

/** Text in one tone: visible characters only, of a width that every terminal agrees on. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
  readonly bold?: true;
  readonly inverse?: true;
}

/** As many rows as the screen has, each exactly as wide as the screen. */
export interface Picture {
  readonly rows: readonly (readonly Span[])[];
  /** Where something is typed; counted from 0. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}
