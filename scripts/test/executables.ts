import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { makeExecutable } from '../package/make-executable.ts';
import { findTarget, onVersion, type Target, thisMachine } from '../package/targets.ts';
import type { TestFile } from './test-file.ts';

/** An executable that tests run. It is built once for a run, and the test processes get its path. */
interface Needed {
  /** The environment variable with its path. */
  readonly variable: string;
  readonly target: () => Target;
  /** The folder in which it is built. */
  readonly dist: string;
  readonly isNeededBy: (path: string) => boolean;
}

const dist = join(import.meta.dirname, '../../dist');

/** The newest Node that Wine starts. */
export const wineTarget = onVersion(findTarget('win-x64'), '22.23.2');

/** The executables for this machine, for Linux on arm64, and for Windows under Wine. */
export const executables = {
  here: {
    variable: 'SLUICE_EXECUTABLE',
    target: () => findTarget(thisMachine()),
    dist,
    isNeededBy: (path) => /^tests\/(package|platforms\/debian)\//.test(path) && asksForIt(path),
  },
  arm64: {
    variable: 'SLUICE_EXECUTABLE_ARM64',
    target: () => findTarget('linux-arm64'),
    dist,
    isNeededBy: (path) => path.startsWith('tests/platforms/arm64/'),
  },
  windows: {
    variable: 'SLUICE_EXECUTABLE_WINDOWS',
    target: () => wineTarget,
    dist: join(dist, 'wine'),
    isNeededBy: (path) => path.startsWith('tests/platforms/windows/'),
  },
} as const satisfies Record<string, Needed>;

/** Not every test in these folders runs the executable. */
function asksForIt(path: string): boolean {
  return /\/(support|kit-bed|newer)\.ts'/.test(readFileSync(path, 'utf8'));
}

/** Returns whether a test file runs an executable that is built for it. */
export function needsExecutable({ path }: TestFile): boolean {
  return Object.values(executables).some(({ isNeededBy }) => isNeededBy(path));
}

/**
 * Builds the executables that the chosen test files run.
 * @returns the variables for the test processes; for tests of other systems nothing is built except on linux-x64
 */
export async function buildExecutables(files: readonly TestFile[]): Promise<Readonly<Record<string, string>>> {
  const variables: Record<string, string> = {};
  for (const { variable, target, dist, isNeededBy } of Object.values(executables)) {
    const isPossible = target().name === thisMachine() || thisMachine() === 'linux-x64';
    if (!isPossible || !files.some(({ path }) => isNeededBy(path))) continue;
    const startedAt = performance.now();
    variables[variable] = await makeExecutable(target(), dist, () => {});
    stdout.write(`built ${target().name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  }
  return variables;
}
