import { readFileSync } from 'node:fs';

const importing = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

/** What a module imports and exports from, as it is written there. */
export function importsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(importing)].map(([, what = '']) => what);
}
