/** Where a text nests deeper than it may. */
export interface TooDeep {
  readonly line: number;
}

/** What may hold brackets, dots and line ends that mean nothing: comments and the four kinds of texts of TOML. */
const opaque = /#[^\n]*|"""(?:\\[^]|[^\\])*?"""|'''[^]*?'''|"(?:\\[^\n]|[^"\\\n])*"?|'[^'\n]*'?/y;

/**
 * Counts lists and tables inside one another, and the parts of dotted keys, without a parser: those call themselves for each
 * level, and end with an overflow of the stack that says nothing to a person.
 *
 * @returns where there are more than `most`; null where there are not
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
