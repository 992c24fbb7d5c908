import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import type { Outcome } from './outcome.ts';
import type { TestFile } from './test-file.ts';

/** A part of the `platforms` group: the files of one folder, and what their result depends on. */
interface Part {
  /** The folder below `tests/platforms`. */
  readonly name: string;
  readonly inputs: readonly string[];
}

/** When a part was last green, and on what. */
interface Green {
  readonly hash: string;
  readonly date: string;
  readonly passed: number;
}

/** Committed: with it a run can leave out the parts whose inputs are those of their last green run. */
const greenFile = '.ci/platforms.json';

/** What runs the program on another system depends on all that touches a system or makes the executable. */
const system = [
  'package-lock.json',
  'scripts/package/**',
  'scripts/kit/**',
  'scripts/runtime-flags.mjs',
  'packages/service/host/**',
  'apps/sluice/src/{demo,packed}/**',
  'packages/{child,config,control,intake,kit,lock,persistence,platform,service}/src/**',
  'packages/transport/src/**',
  'tests/package/{kit-bed,newer,promises,support}.ts',
] as const;

const parts: readonly Part[] = [
  {
    name: 'checks',
    inputs: [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'packages/core/tsconfig.json',
      'turbo.json',
      'biome.json',
      'knip.json',
      '.oxlintrc.json',
      'cspell.json',
      'deno.json',
      'packages/*/turbo.json',
      'apps/*/turbo.json',
      'scripts/docs.ts',
      'scripts/docs/**',
      'scripts/gates/**',
    ],
  },
  { name: 'seeds', inputs: ['packages/{core,testkit}/src/**', 'packages/agent/src/*.ts', 'tests/sim/**'] },
  { name: 'deno', inputs: ['package-lock.json', 'deno.json', 'scripts/blessed/**', 'packages/*/src/**', 'apps/sluice/src/**'] },
  { name: 'debian', inputs: system },
  { name: 'arm64', inputs: system },
  { name: 'windows', inputs: system },
];

/** The hash of the inputs of each part, by its name. */
type Hashes = ReadonlyMap<string, string>;

/**
 * Returns the hashes of the parts that `files` belong to. Called before a run, so that an edit made during the run does
 * not count as tested.
 *
 * @throws Error where a pattern matches nothing: the list is out of date
 */
export function hashParts(files: readonly TestFile[]): Hashes {
  const names = new Set(files.map(({ path }) => partOf(path)));
  return new Map(parts.filter(({ name }) => names.has(name)).map((part) => [part.name, hashOf(part)]));
}

/** Leaves out the files of the parts whose inputs are those of their last green run. */
export function staleParts(files: readonly TestFile[], hashes: Hashes): readonly TestFile[] {
  const green = readGreen();
  return files.filter(({ path }) => {
    const name = partOf(path);
    return name === null || green[name] === undefined || green[name].hash !== hashes.get(name);
  });
}

/** Records the parts all of whose tests ran and passed; a part of which something was skipped is not green. */
export function recordGreenParts(outcomes: readonly Outcome[], all: readonly TestFile[], hashes: Hashes, now: Date): void {
  const green = { ...readGreen() };
  let isChanged = false;
  for (const [name, hash] of hashes) {
    const paths = all.map(({ path }) => path).filter((path) => partOf(path) === name);
    const ended = paths.map((path) => outcomes.filter((outcome) => outcome.name === path));
    const isWhole = paths.length > 0 && ended.every((each) => each.length > 0);
    const isGreen = ended.flat().every(({ failed, skipped }) => failed === 0 && skipped.length === 0);
    if (!isWhole || !isGreen) continue;
    const passed = ended.flat().reduce((sum, outcome) => sum + outcome.passed, 0);
    green[name] = { hash, date: now.toISOString().slice(0, 10), passed };
    isChanged = true;
  }
  if (isChanged) writeFileSync(greenFile, `${JSON.stringify(green, null, 2)}\n`);
}

function partOf(path: string): string | null {
  return /^tests\/platforms\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function readGreen(): Readonly<Record<string, Green>> {
  try {
    return JSON.parse(readFileSync(greenFile, 'utf8')) as Record<string, Green>;
  } catch {
    // Without it, or where it cannot be read, nothing counts as green.
    return {};
  }
}

function hashOf({ name, inputs }: Part): string {
  const hash = createHash('sha256');
  for (const pattern of [...inputs, `tests/platforms/${name}/**`]) {
    const files = globSync(pattern, { withFileTypes: true }).filter((entry) => entry.isFile());
    if (files.length === 0) throw new Error(`the inputs of tests/platforms/${name}: nothing matches ${pattern}`);
    for (const { parentPath, name: file } of files.sort((one, other) =>
      `${one.parentPath}/${one.name}` < `${other.parentPath}/${other.name}` ? -1 : 1,
    )) {
      hash
        .update(`${parentPath}/${file}\0`.replaceAll('\\', '/'))
        .update(readFileSync(`${parentPath}/${file}`))
        .update('\0');
    }
  }
  return hash.digest('hex');
}
