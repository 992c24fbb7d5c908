import { globSync, readFileSync } from 'node:fs';
import { type Group, groups } from './groups.ts';

/**
 * A test file and what its marks say. A mark is a comment line before the first import:
 *
 * - `// group: storage` runs the file with that group instead of the group of its folder.
 * - `// alone: why` runs the file after all others, with nothing next to it, because it measures a promised time.
 * - `// real: why` says that the result depends on real time or on the machine, so that it is never taken from the cache.
 * - `// process: why` gives the file a separate process instead of one that other files have used.
 * - `// timeout: 240s` replaces the limit of 120 s for the whole file.
 */
export interface TestFile {
  readonly path: string;
  readonly group: Group;
  readonly isAlone: boolean;
  readonly isReal: boolean;
  readonly needsOwnProcess: boolean;
  readonly timeoutMs: number;
}

const usualTimeoutS = 120;

/** All test files of the tree, by path. */
export function allTestFiles(): readonly TestFile[] {
  return groups.flatMap((group) => findFiles(group.files).map((path) => readTestFile(path, group)));
}

/** Returns the test files that a pattern matches, sorted, without installed packages. */
export function findFiles(patterns: readonly string[]): string[] {
  return globSync([...patterns], { exclude: (name) => name === 'node_modules' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.test.ts'))
    .sort();
}

function readTestFile(path: string, ofFolder: Group): TestFile {
  const head = readFileSync(path, 'utf8').split(/^import /m, 1)[0] ?? '';
  const mark = (name: string): string | undefined => new RegExp(`^// ${name}: (.+)$`, 'm').exec(head)?.[1];
  const named = mark('group');
  const group = named === undefined ? ofFolder : groups.find(({ name }) => name === named);
  if (group === undefined) throw new Error(`${path}: there is no group ${named}`);
  // A task of turbo reads one folder, so a kept result would not depend on a file of another folder.
  if (group.isCached && group !== ofFolder) throw new Error(`${path}: only the files of its folders can be in the group ${named}`);
  return {
    path,
    group,
    isAlone: group.isOneAtATime || mark('alone') !== undefined,
    isReal: !group.isCached || mark('real') !== undefined,
    needsOwnProcess: mark('process') !== undefined,
    timeoutMs: Number(/^(\d+)s$/.exec(mark('timeout') ?? '')?.[1] ?? usualTimeoutS) * 1000,
  };
}
