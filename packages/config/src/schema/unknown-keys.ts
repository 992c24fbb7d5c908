import { distance } from 'fastest-levenshtein';
import type { KeyPath, ParsedToml } from '../problems/positions.ts';
import type { Problem } from '../problems/problem.ts';
import { agentKeys, journalKeys, logKeys, rateKeys, routeKeys, routeTables } from './schema.ts';

/** The keys of one table, and the tables in it. */
interface TableShape {
  /** The header as written in the file: `[[route]]`. */
  readonly header: string;
  readonly keys: readonly string[];
  readonly tables: Readonly<Record<string, TableShape>>;
}

const leaf = (header: string, keys: object): TableShape => ({ header, keys: Object.keys(keys), tables: {} });

const routeShape: TableShape = {
  header: '[[route]]',
  keys: Object.keys(routeKeys),
  tables: {
    ...Object.fromEntries(Object.entries(routeTables).map(([name, keys]) => [name, leaf(`[route.${name}]`, keys)])),
    rate: leaf('[[route.rate]]', rateKeys),
  },
};

const topShape: TableShape = {
  header: 'the file',
  keys: [],
  tables: { agent: leaf('[agent]', agentKeys), journal: leaf('[journal]', journalKeys), log: leaf('[log]', logKeys), route: routeShape },
};

const allShapes = [...Object.values(topShape.tables), ...Object.values(routeShape.tables)];

/** Returns a problem for every unknown key and table, with the nearest known name. */
export function findUnknownKeys(toml: ParsedToml, file: string): Problem[] {
  const problems: Problem[] = [];
  const reported = new Set<string>();
  for (const { path, position } of toml.keys) {
    const unknown = firstUnknown(path);
    if (unknown === null || reported.has(JSON.stringify(unknown.path))) continue;
    reported.add(JSON.stringify(unknown.path));
    problems.push({ file, line: position.line, verb: 'read', text: unknown.text });
  }
  return problems;
}

/** Returns how a table is written: `[[route]]` for `['route', 0]`. */
export function headerOf(path: KeyPath): string {
  return shapeAt(path)?.header ?? 'the file';
}

function shapeAt(path: KeyPath): TableShape | null {
  let shape: TableShape | null = topShape;
  for (const part of path) {
    if (typeof part === 'number') continue;
    shape = ownTable(shape, part);
    if (shape === null) return null;
  }
  return shape;
}

function firstUnknown(path: KeyPath): { path: KeyPath; text: string } | null {
  let shape: TableShape = topShape;
  for (const [index, part] of path.entries()) {
    if (typeof part === 'number') continue;
    if (shape.keys.includes(part)) return null;
    const inner = ownTable(shape, part);
    if (inner === null) return { path: path.slice(0, index + 1), text: unknownKey(part, shape) };
    shape = inner;
  }
  return null;
}

function ownTable(shape: TableShape, name: string): TableShape | null {
  return Object.hasOwn(shape.tables, name) ? (shape.tables[name] ?? null) : null;
}

function unknownKey(given: string, shape: TableShape): string {
  const what = shape === topShape ? `unknown table or key "${given}"` : `unknown key "${given}" in ${shape.header}`;
  return `${what} ${suggest(given, shape)}`;
}

function suggest(given: string, shape: TableShape): string {
  const here = nearest(given, [...shape.keys, ...Object.keys(shape.tables)]);
  const elsewhere = allShapes.find((other) => other.keys.includes(given)) ?? null;
  if (elsewhere !== null) return `(did you mean "${given}" in ${elsewhere.header}?)`;
  if (here !== null) return `(did you mean ${shape === topShape ? ownTable(topShape, here)?.header : `"${here}"`}?)`;
  const valid = shape === topShape ? allShapes.map((other) => other.header) : [...shape.keys, ...Object.keys(shape.tables)];
  return `(valid keys: ${valid.join(', ')})`;
}

/** Returns the candidate that was most likely meant, or null if none is near. */
export function nearest(given: string, candidates: readonly string[]): string | null {
  const plain = given.toLowerCase().replaceAll('-', '_');
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const candidate of candidates) {
    const away = distance(plain, candidate.toLowerCase().replaceAll('-', '_'));
    if (away < bestDistance) [best, bestDistance] = [candidate, away];
  }
  return best;
}
