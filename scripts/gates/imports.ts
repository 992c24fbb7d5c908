// Which package may import which, read off the imports themselves: what a package.json allows is not enough.
import { globSync, readFileSync } from 'node:fs';
import { exit, stderr } from 'node:process';

/** The house on one page: nothing else may be imported across packages. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/child': ['@sluice/core'],
  'packages/intake': ['@sluice/core', '@sluice/child'],
  'packages/transport': ['@sluice/core', '@sluice/child'],
  'packages/persistence': ['@sluice/core'],
  'packages/agent': ['@sluice/core', '@sluice/child', '@sluice/intake', '@sluice/transport', '@sluice/persistence'],
  'packages/testkit': ['@sluice/core'],
  'apps/sluice': ['@sluice/agent', '@sluice/core', '@sluice/persistence'],
};

const importing = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

const problems = Object.entries(allowed).flatMap(([place, may]) =>
  globSync(`${place}/src/**/*.ts`).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(importing)].flatMap(([, what]) => judge(file, place, may, what ?? '') ?? []),
  ),
);
for (const problem of problems) stderr.write(`${problem}\n`);
exit(problems.length === 0 ? 0 : 1);

function judge(file: string, place: string, may: readonly string[], what: string): string | null {
  if (what.startsWith('@sluice/')) {
    const name = what.split('/').slice(0, 2).join('/');
    return may.includes(name) ? null : `${file}: ${place} may not import ${what}`;
  }
  if (!what.startsWith('.')) return null;
  if (!/\.(ts|json)$/.test(what)) return `${file}: the import ${what} does not end in .ts`;
  const depth = file.split('/').length - place.split('/').length - 2;
  const ups = what.split('/').filter((part) => part === '..').length;
  return ups > depth ? `${file}: ${what} leaves ${place}/src` : null;
}
