import type { Theme } from './picture/picture.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Options that override what the terminal reports. */
export interface ThemeOptions {
  /** `--ascii`: false, `--unicode`: true. */
  readonly unicode?: boolean;
  readonly light?: boolean;
}

/** Returns whether a screen can be shown. Otherwise `sluice` prints the status once. */
export function canShowScreen(
  env: Environment,
  streams: { readonly stdin: { readonly isTTY?: boolean }; readonly stdout: { readonly isTTY?: boolean } },
): boolean {
  return streams.stdin.isTTY === true && streams.stdout.isTTY === true && env['TERM'] !== 'dumb';
}

/** Returns what a terminal can show, by its environment. */
export function themeOf(env: Environment, platform: string, options: ThemeOptions = {}): Theme {
  return {
    colours: coloursOf(env, platform),
    unicode: options.unicode ?? (platform === 'win32' || isUnicode(env)),
    light: options.light ?? isLight(env),
  };
}

const many = /256col|direct|kitty|ghostty|alacritty|^foot|wezterm|^contour|konsole|^iterm|^rio|^mintty/i;
const none = /^(vt\d|dumb|cons25-m|.*-m(ono)?$)/i;

function coloursOf(env: Environment, platform: string): Theme['colours'] {
  const term = env['TERM'] ?? '';
  if (isSet(env['NO_COLOR']) || none.test(term)) return 0;
  if (many.test(term) || /^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '') || isSet(env['WT_SESSION'])) return 256;
  return platform === 'win32' && term === '' ? 256 : 16;
}

/** The first variable that is set decides, as in the C library. */
function isUnicode(env: Environment): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet) ?? '';
  return /utf-?8/i.test(locale);
}

/** `15;0` is light on dark, `0;15` dark on light; some terminals add a part for a picture in between. */
function isLight(env: Environment): boolean {
  const background = (env['COLORFGBG'] ?? '').split(';').at(-1) ?? '';
  return background === '7' || background === '15';
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
