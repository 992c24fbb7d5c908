import { terminalLimits } from '../limits.ts';

/**
 * Returns the sequence that puts a text on the clipboard of the person at the terminal, over ssh too (OSC 52).
 * @param env shows whether tmux or screen are in between, which pass it on only in a wrapping
 * @returns null if this terminal would display it instead
 */
export function copySequence(text: string, env: Readonly<Record<string, string | undefined>>): string | null {
  const term = env['TERM'] ?? '';
  if (/^(linux|vt\d|ansi|cons25)/.test(term)) return null;
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > terminalLimits.clipboardBytes) return null;
  const sequence = `\x1b]52;c;${bytes.toString('base64')}\x07`;
  // tmux accepts the plain sequence if `set-clipboard` is on, and the wrapped one if `allow-passthrough` is.
  if (isSet(env['TMUX'])) return `${sequence}\x1bPtmux;\x1b${sequence}\x1b\\`;
  return isSet(env['STY']) ? wrappedForScreen(sequence) : sequence;
}

function wrappedForScreen(sequence: string): string {
  const parts = sequence.match(new RegExp(`[^]{1,${terminalLimits.screenStringBytes}}`, 'g')) ?? [];
  return parts.map((part) => `\x1bP${part}\x1b\\`).join('');
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
