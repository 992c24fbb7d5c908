import type { TerminalMessage } from '../../terminal.ts';
import type { Key, Mouse } from '../library/types.ts';

const named: Readonly<Record<string, string>> = { return: 'enter', linefeed: 'enter', space: ' ' };

/**
 * The name of a key as the keymap has it: `up`, `pagedown`, `enter`, `escape`, `ctrl-c`, `shift-tab`, or the character itself.
 *
 * @returns null for what is not to be heard of
 */
export function keyName(character: string | undefined, key: Key): string | null {
  // Blessed reports the same key a second time, as `enter`.
  if (key.name === 'enter' && key.sequence === '\r') return null;
  if (key.name === undefined || key.name === 'undefined') return character ?? null;
  const name = named[key.name] ?? key.name;
  const modifiers = [key.ctrl === true ? 'ctrl-' : '', key.meta === true ? 'meta-' : '', key.shift === true ? 'shift-' : ''];
  return modifiers.join('') + name;
}

/** A drag of the mouse, which blessed reports as one press after another. */
const motion = 32;
/** A horizontal wheel, which blessed reports as one that goes up or down. */
const sideways = 2;

const rowsPerNotch = 3;

/** @returns null for what is not to be heard of */
export function mouseMessage({ action, button, type, raw, x, y }: Mouse): TerminalMessage | null {
  // Word of the focus comes as a mouse without a button.
  if (raw === undefined) return null;
  const code = type === 'sgr' ? raw[0] : raw[0] - 32;
  if (action === 'wheelup' || action === 'wheeldown')
    return (code & sideways) === 0 ? { kind: 'wheel', by: action === 'wheelup' ? -rowsPerNotch : rowsPerNotch } : null;
  if (action !== 'mousedown' || button !== 'left' || (code & motion) !== 0) return null;
  return { kind: 'click', row: y, column: x };
}
