import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { UsageError } from './command-line.ts';
import type { TestFile } from './test-file.ts';

/**
 * The tests that a change can affect: those that import a changed file, directly or through others, or start it as a program.
 * A changed file that no test reaches (a fixture, a manifest) affects every test of its package, and one outside of the
 * packages affects all.
 *
 * @param since a revision; what is not committed counts as changed
 * @throws UsageError where git does not know the revision
 */
export function affectedBy(since: string, files: readonly TestFile[]): readonly TestFile[] {
  return affectedByFiles(changedFiles(since), files);
}

/** The same for changed files that are given. @param paths from the root of the tree */
export function affectedByFiles(paths: readonly string[], files: readonly TestFile[]): readonly TestFile[] {
  const changed = paths.filter((path) => !isProse(path));
  if (changed.length === 0) return [];
  const byImport = files.filter(({ group }) => group.affected === 'by import');
  const named = new Map<string, readonly string[]>();
  const reach = new Map(byImport.map(({ path }) => [path, reachedFrom(path, named)]));
  const unreached = changed.filter((path) => ![...reach.values()].some((reached) => reached.has(path)));
  const rooms = unreached.map(roomOf);
  return files.filter(({ path, group }) => {
    if (group.affected === 'all') return changed.some((each) => !each.endsWith('.test.ts') || each === path);
    return changed.some((each) => reach.get(path)?.has(each)) || rooms.some((room) => path.startsWith(room));
  });
}

function changedFiles(since: string): readonly string[] {
  const git = (...args: readonly string[]): string[] =>
    execFileSync('git', [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .split('\n')
      .filter((line) => line !== '');
  try {
    return [...git('diff', '--name-only', since, '--'), ...git('ls-files', '--others', '--exclude-standard')];
  } catch (error) {
    throw new UsageError(`--changed: git cannot compare with "${since}": ${String((error as { stderr?: unknown }).stderr).trim()}`);
  }
}

/** No test reads it; `npm run check` does. */
function isProse(path: string): boolean {
  return path.endsWith('.md') || path.startsWith('.github/');
}

/** `packages/NAME/`, `apps/NAME/`, or the whole tree. */
function roomOf(path: string): string {
  return /^(?:packages|apps)\/[^/]+\//.exec(path)?.[0] ?? '';
}

/** All files that a file imports or names, directly or through others; with itself. */
function reachedFrom(start: string, named: Map<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const path of reached) {
    const next = named.get(path) ?? filesNamedIn(path);
    named.set(path, next);
    for (const each of next) reached.add(each);
  }
  return reached;
}

/** A string that is a package of the workspace, or that looks like the path of a module: it is imported, or started as a program. */
const moduleName = /['"`](@sluice\/[\w-]+|[\w./-]+\.(?:ts|mjs))['"`]/g;

function filesNamedIn(path: string): readonly string[] {
  const names = [...readFileSync(path, 'utf8').matchAll(moduleName)].map(([, name = '']) => name);
  return names.flatMap((name) => {
    if (name.startsWith('@sluice/')) return [`packages/${name.slice('@sluice/'.length)}/src/mod.ts`];
    return [posix.join(posix.dirname(path), name), name].find((each) => !each.startsWith('.') && existsSync(each)) ?? [];
  });
}
