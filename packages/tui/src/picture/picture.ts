/** The meaning of a span. The terminal decides which colour that is, if any. */
export type Tone = 'plain' | 'dim' | 'title' | 'key' | 'good' | 'bad' | 'warn' | 'busy' | 'alarm' | 'notice' | 'tour' | 'selected';

/** All tones. */
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
  /** 0: monochrome, only marks, bold and inverse. */
  readonly colours: 256 | 16 | 0;
  /** False: only ASCII. */
  readonly unicode: boolean;
  /** Whether the background is light. */
  readonly light: boolean;
}

/** Text in one tone: only visible characters, with a width that every terminal agrees on. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
  readonly bold?: true;
  readonly inverse?: true;
}

/** As many rows as the screen has, each exactly as wide as the screen. */
export interface Picture {
  readonly rows: readonly (readonly Span[])[];
  /** Where something is typed, counted from 0. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}
