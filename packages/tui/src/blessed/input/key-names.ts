import type { Key } from '../library/types.ts';

const named: Readonly<Record<string, string>> = { return: 'enter', linefeed: 'enter', space: ' ' };

/**
 * The name of a key as the keymap has it: `up`, `pagedown`, `enter`, `escape`, `ctrl-c`, `shift-tab`, or the character itself.
 *
 * @returns null for what is not to be heard of
 */
export function keyName(character: string | undefined, key: Key): string | null {
  // Blessed tells the same key a second time, as `enter`.
  if (key.name === 'enter' && key.sequence === '\r') return null;
  if (key.name === undefined || key.name === 'undefined') return character ?? null;
  const name = named[key.name] ?? key.name;
  const modifiers = [key.ctrl === true ? 'ctrl-' : '', key.meta === true ? 'meta-' : '', key.shift === true ? 'shift-' : ''];
  return modifiers.join('') + name;
}
