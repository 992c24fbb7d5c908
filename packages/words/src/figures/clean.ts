/**
 * Characters with which a text could control a terminal, hide or reorder something: control characters (C0, C1), format characters
 * (bidi marks and overrides, zero-width ones, tags, the byte order mark), lone surrogates, line and paragraph separators, and
 * invisible letters (combining grapheme joiner, fillers, Mongolian and Khmer selectors).
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Makes an external text safe for a terminal: each unsafe character becomes `?`. Every external text passes through this function.
 * @example clean('a\u001b[31m\n') // 'a?[31m?'
 */
export function clean(text: string): string {
  return text.replace(unsafe, '?');
}

/**
 * Returns JSON on one line, in which every unsafe character is an escape: nothing is lost, and `cat` can show the file.
 * @returns JSON without a line end
 */
export function cleanJson(value: unknown): string {
  return JSON.stringify(value).replace(unsafe, escaped);
}

function escaped(character: string): string {
  let escape = '';
  for (let index = 0; index < character.length; index += 1) {
    escape += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escape;
}
