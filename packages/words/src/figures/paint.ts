/** The meaning of a colour. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'dim';

/** Gives a text the colour of a tone. Null: no colour. */
export type Paint = (text: string, tone: Tone | null) => string;

export const noPaint: Paint = (text) => text;

/** SGR numbers of the 16 colours that every colour terminal has, so that the terminal's own palette decides. */
const numbers: Readonly<Record<Tone, number>> = { good: 32, bad: 31, warn: 33, busy: 36, dim: 2 };

const ansiPaint: Paint = (text, tone) => (tone === null || text === '' ? text : `\u001b[${numbers[tone]}m${text}\u001b[0m`);

const colourless = /^(vt\d.*|dumb|cons25-m|.*-m(ono)?)$/i;

/**
 * Returns how a command colours its lines. There are no colours if the output is not a terminal (`isTerminal` false), if
 * `NO_COLOR` is set (https://no-color.org), or on a terminal without colours. Windows sets no `TERM`, and shows colours.
 */
export function paintFor(
  env: Readonly<Record<string, string | undefined>>,
  { isTerminal, platform }: { readonly isTerminal: boolean; readonly platform: string },
): Paint {
  const term = env['TERM'] ?? '';
  const isAsked = (env['NO_COLOR'] ?? '') === '' && (term === '' ? platform === 'win32' : !colourless.test(term));
  return isTerminal && isAsked ? ansiPaint : noPaint;
}

/** Returns the tone of a line of the log. */
export function levelTone(level: 'debug' | 'info' | 'warn' | 'error'): Tone | null {
  if (level === 'error') return 'bad';
  if (level === 'warn') return 'warn';
  return level === 'debug' ? 'dim' : null;
}
