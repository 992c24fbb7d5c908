/** The place where a text nests too deeply. */
export interface TooDeep {
  readonly line: number;
}

/** Parts of a text that may contain brackets, dots and line ends without meaning: comments and the four kinds of TOML strings. */
const opaque = /#[^\n]*|"""(?:\\[^]|[^\\])*?"""|'''[^]*?'''|"(?:\\[^\n]|[^"\\\n])*"?|'[^'\n]*'?/y;

/**
 * Counts nested lists and tables, and the parts of dotted keys, without a parser. A parser calls itself for each level, and fails
 * with a stack overflow that says nothing to a person.
 * @returns where there are more than `most`, or null
 */
export function findTooDeep(text: string, most: number): TooDeep | null {
  let line = 1;
  let depth = 0;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    opaque.lastIndex = at;
    const skipped = opaque.exec(text)?.[0] ?? '';
    if (skipped !== '') {
      line += skipped.split('\n').length - 1;
      at += skipped.length - 1;
      continue;
    }
    const character = text[at] ?? '';
    if (character === '\n') line += 1;
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (character === '.') dots += 1;
    else if ('\n=,[]{}'.includes(character)) dots = 0;
    if (depth > most || dots >= most) return { line };
  }
  return null;
}
