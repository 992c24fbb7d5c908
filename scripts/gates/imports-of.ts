import { readFileSync } from 'node:fs';

const importing = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

/** Returns what a module imports and exports from, as written in it. */
export function importsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(importing)].map(([, what = '']) => what);
}
