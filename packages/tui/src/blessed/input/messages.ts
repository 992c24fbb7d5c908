import type { TerminalMessage } from '../../terminal.ts';
import type { Key, Mouse } from '../library/types.ts';

const named: Readonly<Record<string, string>> = { return: 'enter', linefeed: 'enter', space: ' ' };

/**
 * Returns the name of a key in the keymap: `up`, `pagedown`, `enter`, `escape`, `ctrl-c`, `shift-tab`, or the character itself.
 * @returns null for a key that is ignored
 */
export function keyName(character: string | undefined, key: Key): string | null {
  // Blessed reports the same key a second time, as `enter`.
  if (key.name === 'enter' && key.sequence === '\r') return null;
  if (key.name === undefined || key.name === 'undefined') return character ?? null;
  const name = named[key.name] ?? key.name;
  const modifiers = [key.ctrl === true ? 'ctrl-' : '', key.meta === true ? 'meta-' : '', key.shift === true ? 'shift-' : ''];
  return modifiers.join('') + name;
}

/** The flag of a drag of the mouse, which blessed reports as repeated presses. */
const motion = 32;
/** The flag of a horizontal wheel, which blessed reports as a vertical one. */
const sideways = 2;

const rowsPerNotch = 3;

/** @returns null for an event that is ignored */
export function mouseMessage({ action, button, type, raw, x, y }: Mouse): TerminalMessage | null {
  // A report of the focus comes as a mouse event without a button.
  if (raw === undefined) return null;
  const code = type === 'sgr' ? raw[0] : raw[0] - 32;
  if (action === 'wheelup' || action === 'wheeldown')
    return (code & sideways) === 0 ? { kind: 'wheel', by: action === 'wheelup' ? -rowsPerNotch : rowsPerNotch } : null;
  if (action !== 'mousedown' || button !== 'left' || (code & motion) !== 0) return null;
  return { kind: 'click', row: y, column: x };
}
