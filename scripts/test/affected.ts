import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { nameOf, reachable, rooms } from '../gates/rooms.ts';
import { UsageError } from './command-line.ts';
import type { TestFile } from './test-file.ts';

/**
 * Returns the tests that a change can affect: those that import a changed file, directly or indirectly, or start it as a program.
 * A changed file that no test reaches (a fixture, a manifest) affects every test of its package, and one outside the packages
 * affects all tests.
 * @param since a revision; uncommitted changes count too
 * @throws UsageError if git does not know the revision
 */
export function affectedBy(since: string, files: readonly TestFile[]): readonly TestFile[] {
  return affectedByFiles(changedFiles(since), files);
}

/** Returns the tests that changes of these files can affect. @param paths from the root of the tree */
export function affectedByFiles(paths: readonly string[], files: readonly TestFile[]): readonly TestFile[] {
  const named = new Map<string, readonly string[]>();
  const reach = new Map(files.map(({ path }) => [path, reachedFrom(path, named)]));
  const reached = new Set([...reach.values()].flatMap((each) => [...each]));
  const changed = paths.filter((path) => !isProse(path) || reached.has(path));
  const folders = changed.filter((path) => !reached.has(path)).flatMap(foldersOf);
  return files.filter(({ path, group }) => {
    if (changed.some((each) => reach.get(path)?.has(each))) return true;
    if (group.affected === 'all') return changed.some((each) => !each.endsWith('.test.ts') && !isProse(each));
    return folders.some((folder) => path.startsWith(folder));
  });
}

function changedFiles(since: string): readonly string[] {
  const git = (...args: readonly string[]): string[] =>
    execFileSync('git', [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .split('\n')
      .filter((line) => line !== '');
  try {
    return [...git('diff', '--name-only', '--no-renames', since, '--'), ...git('ls-files', '--others', '--exclude-standard')];
  } catch (error) {
    throw new UsageError(`--changed: git cannot compare with "${since}": ${String((error as { stderr?: unknown }).stderr).trim()}`);
  }
}

/** A test that reads such a file names it. `npm run check` reads the others. */
function isProse(path: string): boolean {
  return path.endsWith('.md') || path.startsWith('.github/');
}

/** Returns the folders of the package that a file belongs to and of the packages that depend on it, or the whole tree. */
function foldersOf(path: string): readonly string[] {
  const room = rooms.find(({ folder }) => path.startsWith(`${folder}/`));
  if (room === undefined) return [''];
  const dependents = rooms.filter((each) => reachable(each.imports).has(nameOf(room)) || nameOf(room) === 'testkit');
  return [room, ...dependents].map(({ folder }) => `${folder}/`);
}

/**
 * Returns all files that a file imports or names, directly or indirectly, with itself.
 * @param named what each file names, for the files read so far
 */
export function reachedFrom(start: string, named: Map<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const path of reached) {
    const next = named.get(path) ?? filesNamedIn(path);
    named.set(path, next);
    for (const each of next) reached.add(each);
  }
  return reached;
}

/** A string that is a package of the workspace, or that looks like the path of a file: it is imported, started or read. */
const moduleName = /['"`](@sluice\/[\w/-]+|[\w./-]+\.[a-z]+)['"`]/g;

function filesNamedIn(path: string): readonly string[] {
  if (!/\.(ts|mjs)$/.test(path)) return [];
  const names = [...readFileSync(path, 'utf8').matchAll(moduleName)].map(([, name = '']) => name);
  return names.flatMap((name) => {
    if (name.startsWith('@sluice/')) return moduleOf(name);
    return [posix.join(posix.dirname(path), name), name].find((each) => !each.startsWith('.') && isFile(each)) ?? [];
  });
}

/** Returns the file that a package exports under this name. */
function moduleOf(name: string): readonly string[] {
  const [, room = '', ...rest] = name.split('/');
  const manifest = `packages/${room}/package.json`;
  if (!isFile(manifest)) return [];
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly exports: Readonly<Record<string, string>> };
  const target = exports[['.', ...rest].join('/')];
  return target === undefined ? [] : [posix.join('packages', room, target)];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
