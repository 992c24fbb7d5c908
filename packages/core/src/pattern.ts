// `@sluice/core/pattern`: the patterns of `include`, `exclude` and the filter of the screen.

export { patternAlternatives } from './model/limits.ts';

/**
 * Yields the texts that a pattern of `include` or `exclude` stands for: one for each choice of its braces `{a,b}`, which may be
 * nested. Braces without a comma stand for themselves.
 */
export function* expandBraces(pattern: string): Generator<string> {
  const braces = firstBraces(pattern);
  if (braces === null) {
    yield pattern;
    return;
  }
  for (const choice of braces.choices) yield* expandBraces(`${pattern.slice(0, braces.from)}${choice}${pattern.slice(braces.to)}`);
}

interface Braces {
  readonly choices: readonly string[];
  readonly from: number;
  /** The end, exclusive. */
  readonly to: number;
}

function firstBraces(pattern: string): Braces | null {
  for (let from = pattern.indexOf('{'); from !== -1; from = pattern.indexOf('{', from + 1)) {
    const braces = bracesAt(pattern, from);
    if (braces !== null && braces.choices.length > 1) return braces;
  }
  return null;
}

/** @returns null if they are not closed */
function bracesAt(pattern: string, from: number): Braces | null {
  const choices: string[] = [];
  let depth = 0;
  let begin = from + 1;
  for (let at = from; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      choices.push(pattern.slice(begin, at));
      begin = at + 1;
    }
    if (depth === 0) return { choices, from, to: at + 1 };
  }
  return null;
}

/**
 * Returns whether a name matches this part of a pattern, in which `*` is any number of characters and `?` is one. It backtracks
 * only to the last `*`, so it never takes long.
 */
export function matchesName(segment: string, name: string): boolean {
  let at = 0;
  let begin = 0;
  const star = { at: -1, until: 0 };
  while (begin < name.length) {
    const wanted = segment[at];
    if (wanted === '*') {
      star.at = at;
      star.until = begin;
      at += 1;
    } else if (wanted === '?' || wanted === name[begin]) {
      begin += wanted === '?' ? String.fromCodePoint(name.codePointAt(begin) ?? 0).length : 1;
      at += 1;
    } else if (star.at === -1) return false;
    else {
      star.until += 1;
      begin = star.until;
      at = star.at + 1;
    }
  }
  while (segment[at] === '*') at += 1;
  return at === segment.length;
}
