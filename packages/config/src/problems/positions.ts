import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { limits } from '../limits.ts';
import { findTooDeep } from './nesting.ts';

/** The place of a key, and its value as written. */
export interface Position {
  readonly line: number;
  /** The value as written, shortened to one line; empty for tables. */
  readonly raw: string;
}

/** The path of a key: `['route', 0, 'growing', 'min_size']`. */
export type KeyPath = readonly (string | number)[];

/** A valid TOML file: its values, and the place of each. */
export interface ParsedToml {
  readonly value: Record<string, unknown>;
  /** Every key in the order of the file, including tables that consist only of a header. */
  readonly keys: readonly { readonly path: KeyPath; readonly position: Position }[];
}

/** The file is not valid TOML. */
export interface TomlFailure {
  readonly line: number;
  readonly text: string;
}

/** No setting has this name, and the parser would set the values below it on every object of the program. */
const sharedKey = '__proto__';

/**
 * Reads TOML 1.0, keeping the line of every key. toml-eslint-parser reports positions; a parser that gives only values (smol-toml)
 * would need a second one next to it.
 */
export function parseToml(text: string): ParsedToml | TomlFailure {
  const deep = findTooDeep(text, limits.nesting);
  if (deep !== null) return { line: deep.line, text: `tables, lists or dotted keys are nested more than ${limits.nesting} levels deep` };
  try {
    const program = parseTOML(text, { tomlVersion: '1.0' });
    const keys = keysOf(program, text);
    const shared = keys.find(({ path }) => path.includes(sharedKey));
    if (shared !== undefined) return { line: shared.position.line, text: `unknown key "${sharedKey}"` };
    return { value: getStaticTOMLValue(program) as Record<string, unknown>, keys };
  } catch (error) {
    if (error instanceof RangeError) return { line: 1, text: 'its tables or lists are nested too deeply' };
    if (!(error instanceof ParseError)) throw error;
    return explainSyntax(text, error);
  }
}

/** The parser's messages say what it met. These say what to write. */
const clearer: Readonly<Record<string, string>> = {
  'Defining a key multiple times is invalid': 'this key or table was already given; remove one of the two',
  'Unterminated string constant': 'a text has no closing quote',
  'Must be a newline': 'expected one key = value on a line, and texts (durations, sizes, paths) in "quotes"',
  'Expected equal (=) token': 'expected key = value',
  'The key, equals sign, and value must be on the same line': 'a table is written [name], a setting key = value, each on one line',
  'Unterminated table-key': 'a table is written [name], a route [[route]]',
  'Invalid character in escape sequence': 'in "quotes" a backslash is written twice; or write the text in \'single quotes\'',
};

function explainSyntax(text: string, error: ParseError): TomlFailure {
  const before = text.slice(0, error.index).trimEnd();
  const lacksValue = before.endsWith('=');
  // The parser fails on the line after an unfinished one.
  const isUnfinished = lacksValue || /equal|same line|table-key|Unspecified/i.test(error.message);
  const line = isUnfinished ? Math.min(error.lineNumber, before.split('\n').length) : error.lineNumber;
  const plain = clearer[error.message] ?? error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return {
    line,
    text: `not valid TOML: ${lacksValue ? 'expected a value after "=": a text in "quotes", a number, true, false or a [list]' : plain}`,
  };
}

/** By key path, for each file that was read: a file with thousands of mistakes causes thousands of queries. */
const indexes = new WeakMap<ParsedToml['keys'], ReadonlyMap<string, Position>>();

function indexOf(keys: ParsedToml['keys']): ReadonlyMap<string, Position> {
  const index = indexes.get(keys) ?? new Map(keys.map(({ path, position }) => [JSON.stringify(path), position]));
  indexes.set(keys, index);
  return index;
}

/** Returns the position of a key, or of the nearest table around it that has one. */
export function positionOf(toml: ParsedToml, path: KeyPath): Position | null {
  const index = indexOf(toml.keys);
  for (let length = path.length; length > 0; length -= 1) {
    const position = index.get(JSON.stringify(path.slice(0, length)));
    if (position !== undefined) return length === path.length ? position : { ...position, raw: '' };
  }
  return null;
}

function keysOf(program: AST.TOMLProgram, text: string): ParsedToml['keys'] {
  const keys: { path: KeyPath; position: Position }[] = [];
  const add = (path: KeyPath, node: AST.TOMLNode, raw: string) => keys.push({ path, position: { line: node.loc.start.line, raw } });
  const addPair = (table: KeyPath, pair: AST.TOMLKeyValue) => {
    const names = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
    // The tables that a dotted key implies are added too.
    for (let length = 1; length < names.length; length += 1) add([...table, ...names.slice(0, length)], pair, '');
    addValue([...table, ...names], pair, pair.value);
  };
  const addValue = (path: KeyPath, node: AST.TOMLNode, value: AST.TOMLContentNode) => {
    add(path, node, written(text.slice(value.range[0], value.range[1])));
    if (value.type === 'TOMLInlineTable') for (const pair of value.body) addPair(path, pair);
    if (value.type === 'TOMLArray') value.elements.forEach((element, index) => addValue([...path, index], element, element));
  };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      addPair([], node);
      continue;
    }
    node.resolvedKey.forEach((_, index) => add(node.resolvedKey.slice(0, index + 1), node, ''));
    for (const pair of node.body) addPair(node.resolvedKey, pair);
  }
  return firstOnly(keys);
}

function firstOnly(keys: { path: KeyPath; position: Position }[]): ParsedToml['keys'] {
  const seen = new Set<string>();
  return keys.filter(({ path }) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}

function written(raw: string): string {
  const line = raw.replaceAll(/\s+/g, ' ');
  return line.length <= 80 ? line : `${line.slice(0, 77)}...`;
}
