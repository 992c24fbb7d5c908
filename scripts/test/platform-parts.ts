import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { reachedFrom } from './affected.ts';
import { denoFiles } from './groups.ts';
import type { Outcome } from './outcome.ts';
import type { TestFile } from './test-file.ts';

/** A part of the `platforms` group: the files of one folder, and what their result depends on. */
interface Part {
  /** The folder below `tests/platforms`. */
  readonly name: string;
  /** Patterns of files. */
  readonly inputs: readonly string[];
  /** Patterns of modules that count together with everything they import, like the test files of the part. */
  readonly modules: readonly string[];
  /** Whether an imported file does not count. */
  readonly isLeftOut?: (path: string) => boolean;
  /** Environment variables that change how much its tests do. A run with one of them is not a run of the whole part. */
  readonly variables?: readonly string[];
}

/** When a part was last green, and with which inputs. */
interface Green {
  readonly hash: string;
  readonly date: string;
  readonly passed: number;
}

/** Committed, so that a run can leave out the parts whose inputs equal those of their last green run. */
const greenFile = '.ci/platforms.json';

/**
 * The inputs of tests that run the executable on another system. Packages that touch no system, the screen and the commands are
 * left out on purpose: they behave there as they do here, most changes are in them, and nightly.yml runs all parts.
 */
const executable: Omit<Part, 'name'> = {
  inputs: ['package-lock.json', 'scripts/runtime-flags.mjs', 'packages/service/host/**', 'scripts/kit/texts/**'],
  modules: [
    'apps/sluice/src/main.ts',
    'apps/sluice/src/program.ts',
    'packages/agent/src/children/entries.ts',
    'scripts/{kit,package}/*.ts',
  ],
  isLeftOut: (path) => /^(packages\/(core|lists|words|tui)|apps\/sluice\/src\/commands)\//.test(path),
};

const parts: readonly Part[] = [
  {
    name: 'checks',
    inputs: [
      'package.json',
      'package-lock.json',
      '{tsconfig,turbo,biome,knip,cspell,deno,.oxlintrc}.json',
      'packages/core/tsconfig.json',
      '{packages,apps}/*/turbo.json',
      '.github/workflows/**',
      'scripts/gates/**',
    ],
    modules: ['scripts/gates/*.ts', 'scripts/docs.ts'],
    // The checks read the documents and the sources. These tests only show that the checks find what is planted.
    isLeftOut: (path) => /^(packages|apps|docs)\//.test(path),
  },
  {
    name: 'seeds',
    inputs: ['package-lock.json'],
    modules: ['tests/sim/*.test.ts'],
    variables: ['SLUICE_SEEDS', 'SLUICE_SEED'],
  },
  {
    name: 'deno',
    inputs: [
      'package.json',
      'package-lock.json',
      'deno.json',
      'scripts/*.{mjs,ts}',
      'scripts/{blessed,test}/**',
      'tests/{scenario,sim}/**',
    ],
    modules: ['apps/sluice/src/main.ts', 'apps/sluice/src/program.ts', 'packages/agent/src/children/entries.ts', ...denoFiles],
  },
  { name: 'debian', ...executable },
  { name: 'arm64', ...executable },
  { name: 'windows', ...executable },
];

/** The hash of the inputs of each part, by its name. */
type Hashes = ReadonlyMap<string, string>;

/**
 * Returns the hashes of the parts that `files` belong to. Called before a run, so that an edit during the run does not count as
 * tested.
 * @throws Error if a pattern matches nothing, which means that the list is out of date
 */
export function hashParts(files: readonly TestFile[]): Hashes {
  const names = new Set(files.map(({ path }) => partOf(path)));
  const needed = parts.filter(({ name }) => names.has(name));
  if (needed.length === 0) return new Map();
  // Only tracked files count, not those that a run creates.
  const tracked = new Set(execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n'));
  const named = new Map<string, readonly string[]>();
  return new Map(needed.map((part) => [part.name, hashOf(part, tracked, named)]));
}

/** Leaves out the files of the parts whose inputs equal those of their last green run. */
export function staleParts(files: readonly TestFile[], hashes: Hashes): readonly TestFile[] {
  const green = readGreen();
  return files.filter(({ path }) => {
    const name = partOf(path);
    return name === null || green[name] === undefined || green[name].hash !== hashes.get(name);
  });
}

/**
 * Returns the parts in which all tests ran and passed. A part with a skipped test is not green, and one whose tests did less than
 * usual, such as fewer seeds, is not whole.
 */
export function greenParts(
  outcomes: readonly Outcome[],
  all: readonly TestFile[],
  { hashes, environment, now }: { readonly hashes: Hashes; readonly environment: NodeJS.ProcessEnv; readonly now: Date },
): Readonly<Record<string, Green>> {
  const green: Record<string, Green> = {};
  for (const { name, variables = [] } of parts) {
    const hash = hashes.get(name);
    if (hash === undefined || variables.some((variable) => environment[variable] !== undefined)) continue;
    const paths = all.map(({ path }) => path).filter((path) => partOf(path) === name);
    const ended = paths.map((path) => outcomes.filter((outcome) => outcome.name === path));
    const isWhole = paths.length > 0 && ended.every((each) => each.length > 0);
    const isGreen = ended.flat().every(({ failed, skipped }) => failed === 0 && skipped.length === 0);
    if (!isWhole || !isGreen) continue;
    // Of one round: a repeated run has several outcomes for a file.
    const passed = ended.reduce((sum, [first]) => sum + (first?.passed ?? 0), 0);
    green[name] = { hash, date: now.toISOString().slice(0, 10), passed };
  }
  return green;
}

/** Keeps these parts in the committed file, next to the others. */
export function recordParts(green: Readonly<Record<string, Green>>): void {
  if (Object.keys(green).length === 0) return;
  writeFileSync(greenFile, `${JSON.stringify({ ...readGreen(), ...green }, null, 2)}\n`);
}

function partOf(path: string): string | null {
  return /^tests\/platforms\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function readGreen(): Readonly<Record<string, Green>> {
  try {
    return JSON.parse(readFileSync(greenFile, 'utf8')) as Record<string, Green>;
  } catch {
    // If the file is missing or unreadable, nothing counts as green.
    return {};
  }
}

function hashOf(
  { name, inputs, modules, isLeftOut = () => false }: Part,
  tracked: ReadonlySet<string>,
  named: Map<string, readonly string[]>,
): string {
  const entries = [...modules, `tests/platforms/${name}/*.test.ts`].flatMap(filesOf);
  const imported = entries.flatMap((path) => [...reachedFrom(path, named)]).filter((path) => tracked.has(path) && !isLeftOut(path));
  const hash = createHash('sha256');
  for (const path of [...new Set([...inputs.flatMap(filesOf), ...imported])].sort()) {
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function filesOf(pattern: string): readonly string[] {
  const files = globSync(pattern, { withFileTypes: true }).filter((entry) => entry.isFile());
  if (files.length === 0) throw new Error(`the inputs of the platform tests: nothing matches ${pattern}`);
  return files.map(({ parentPath, name }) => `${parentPath}/${name}`.replaceAll('\\', '/').replace(/^\.\//, ''));
}
