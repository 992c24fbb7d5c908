import { expandBraces, patternAlternatives } from '@sluice/core/pattern';
import * as v from 'valibot';
import { limits } from '../limits.ts';

/** A list of path patterns, in the one dialect that `docs/settings.md` describes. Any other form is refused with the correct one. */
export function patterns(expected: string, min: number) {
  return v.pipe(
    v.array(
      v.pipe(
        v.string(expected),
        v.check(
          (pattern) => patternTrouble(pattern) === null,
          ({ input }) => patternTrouble(input) ?? expected,
        ),
      ),
      expected,
    ),
    v.minLength(min, expected),
    v.maxLength(limits.patterns, `expected at most ${limits.patterns} entries`),
    v.metadata({ kind: 'list' as const }),
  );
}

/** A form of other dialects: how to recognize it, why it is refused, and the form of this dialect. */
interface Foreign {
  readonly looks: RegExp;
  readonly why: string;
  readonly right: (pattern: string) => string;
}

const choice = /[!@+?*]?\(([^()]*\|[^()]*)\)/g;
const letters = Array.from('abcdefghijklmnopqrstuvwxyz').map((letter) => [letter, letter.toUpperCase()] as const);
/** `[mM]` */
const bothCases = new RegExp(`\\[(${letters.map(([small, capital]) => `${small}${capital}|${capital}${small}`).join('|')})\\]`, 'g');

const foreign: readonly Foreign[] = [
  { looks: /^\s|\s$/, why: 'begins or ends with a space', right: (pattern) => pattern.trim() },
  { looks: /^(["']).*\1$/s, why: 'is in quotes, which the shell did not remove', right: (pattern) => pattern.slice(1, -1) },
  {
    looks: /\\/,
    why: 'has a backslash; folders are separated by "/", and no character needs an escape',
    right: (pattern) => pattern.replaceAll(/\\([^\w*?./\\])/g, '$1').replaceAll(/\\+/g, '/'),
  },
  { looks: /^[A-Za-z]:/, why: 'names a drive; patterns are relative to the source', right: (pattern) => `.${pattern.slice(2)}` },
  {
    looks: /^\//,
    why: 'begins with "/"; patterns are relative to the source',
    right: (pattern) => `./${pattern.replace(/^\/+/, '')}`,
  },
  { looks: /\/\//, why: 'has an empty folder name', right: (pattern) => pattern.replaceAll(/\/{2,}/g, '/') },
  {
    looks: /(?:^|\/)\.\.(?:\/|$)/,
    why: 'leaves a folder with ".."; patterns are relative to the source',
    right: (pattern) => pattern.replaceAll(/(^|\/)(?:\.\.(?:\/|$))+/g, '$1'),
  },
  {
    looks: /\/\.(?:\/|$)/,
    why: 'has "." as a folder name, which is allowed only at the beginning',
    right: (pattern) => pattern.replaceAll(/\/(?:\.(?:\/|$))+/g, '/'),
  },
  {
    looks: choice,
    why: 'has alternatives in parentheses; they are written in braces',
    right: (pattern) => pattern.replaceAll(choice, (_, inner: string) => braced(inner)),
  },
  {
    looks: /^!|(?:\/|\.)!\(/,
    why: 'has "!", which does not exclude anything here; "?" matches a "!" at the beginning of a name',
    right: (pattern) => pattern.replace(/^!|(?<=[/.])!(?=\()/, '?'),
  },
  {
    looks: /\[[!^]?(?:[A-Za-z0-9]-[A-Za-z0-9])+\]/,
    why: 'has a range of characters; here brackets are ordinary characters, and "?" matches one character',
    right: (pattern) => pattern.replaceAll(/\[[!^]?(?:[A-Za-z0-9]-[A-Za-z0-9])+\]/g, '?'),
  },
  {
    looks: bothCases,
    why: 'names both cases in brackets; here brackets are ordinary characters, and upper and lower case are the same',
    right: (pattern) => pattern.replaceAll(bothCases, (_, both: string) => both.charAt(0)),
  },
  {
    looks: /\{[^{},]*\.\.[^{},]*\}/,
    why: 'has a range in braces; here braces contain a list, such as {a,b}',
    right: (pattern) => pattern.replaceAll(/\{[^{},]*\.\.[^{},]*\}/g, '*'),
  },
  {
    looks: /\.\{[^{},]*\}/,
    why: 'has braces with only one alternative',
    right: (pattern) => pattern.replaceAll(/\.\{([^{},]*)\}/g, '.$1'),
  },
  {
    looks: /[^/]\*\*|\*\*[^/]/,
    why: 'has "**" inside a name; it matches whole folders, between slashes',
    right: (pattern) => pattern.replaceAll(/(?<=^|\/)\*\*+(?=[^/*])/g, '**/*').replaceAll(/(?<=[^/*])\*\*+|\*{3,}/g, '*'),
  },
];

/** Returns why a pattern is refused and what to write, or null for a valid pattern. */
export function patternTrouble(pattern: string): string | null {
  const named = JSON.stringify(pattern);
  if (pattern === '' || pattern.includes('\0')) return 'a pattern is empty or contains a NUL character';
  if (pattern.length > limits.patternLength) return `a pattern is longer than ${limits.patternLength} characters`;
  const found = foreign.find(({ looks }) => new RegExp(looks.source, looks.flags.replace('g', '')).test(pattern));
  if (found !== undefined) return `${named} ${found.why}: ${instead(pattern, found.right(pattern))}`;
  if (!isBalanced(pattern)) return `${named} has an unmatched brace: write "?" where a name contains a brace`;
  const parts = partsOfCommas(pattern);
  if (parts !== null)
    return `${named} has a comma between two patterns: write them as two, ${parts.map((part) => JSON.stringify(part)).join(' and ')}`;
  return alternativeTrouble(pattern, named);
}

function instead(pattern: string, right: string): string {
  return right === '' || right === pattern ? 'leave it out' : `write ${JSON.stringify(right)}`;
}

function braced(choices: string): string {
  return `{${choices.split('|').join(',')}}`;
}

function isBalanced(pattern: string): boolean {
  let depth = 0;
  for (const character of pattern) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/**
 * Splits a pattern at commas that look like separators: before a wildcard or an ending, or after an ending such as `*.mxf`. Any
 * other comma is part of a name.
 */
function partsOfCommas(pattern: string): readonly string[] | null {
  const outside = pattern.replaceAll(/\{[^{}]*\}/g, (inner) => '_'.repeat(inner.length));
  if (!/,\s*[*.]|\*\.\w+\s*,/.test(outside)) return null;
  const ends = [...outside.matchAll(/,/g)].map(({ index }) => index);
  return [...ends, pattern.length].map((end, index) => pattern.slice(index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, end).trim());
}

/** The alternatives that braces stand for have to be valid patterns, too. */
function alternativeTrouble(pattern: string, named: string): string | null {
  let count = 0;
  for (const alternative of expandBraces(pattern)) {
    count += 1;
    if (count > patternAlternatives) return `${named} expands to more than ${patternAlternatives} patterns: split it`;
    if (alternative === pattern) return null;
    const isPath = alternative !== '' && !/^\/|\/\/|(?:^|\/)\.\.(?:\/|$)|[^/]\*\*|\*\*[^/]/.test(alternative);
    if (!isPath) return `${named} also expands to ${JSON.stringify(alternative)}, which is not a relative path: write it without braces`;
  }
  return null;
}
