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
  'apps/sluice/service-host/**',
  'apps/sluice/src/{demo,kit,packed,service}/**',
  'packages/{child,intake,persistence}/src/**',
  'packages/transport/src/**',
  'packages/agent/src/{control,config}/**',
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
      'scripts/gates/**',
    ],
  },
  { name: 'seeds', inputs: ['packages/{core,testkit}/src/**', 'packages/agent/src/*.ts', 'tests/sim/**'] },
  { name: 'deno', inputs: ['package-lock.json', 'deno.json', 'scripts/blessed/**', 'packages/*/src/**', 'apps/sluice/src/**'] },
  { name: 'debian', inputs: system },
  { name: 'arm64', inputs: system },
  { name: 'windows', inputs: system },
];

/** Leaves out the parts of `tests/platforms` whose inputs are those of their last green run. */
export function staleParts(files: readonly TestFile[]): readonly TestFile[] {
  const green = readGreen();
  const stale = new Set(parts.filter((part) => green[part.name]?.hash !== hashOf(part)).map(({ name }) => name));
  return files.filter(({ path }) => {
    const name = partOf(path);
    return name === null || stale.has(name);
  });
}

/** Records the parts all of whose tests ran and passed; a part of which something was skipped is not green. */
export function recordGreenParts(outcomes: readonly Outcome[], all: readonly TestFile[], now: Date): void {
  const green = { ...readGreen() };
  for (const part of parts) {
    const paths = all.map(({ path }) => path).filter((path) => partOf(path) === part.name);
    const ended = paths.map((path) => outcomes.filter(({ name }) => name === path));
    const isWhole = paths.length > 0 && ended.every((each) => each.length > 0);
    const isGreen = ended.flat().every(({ failed, skipped }) => failed === 0 && skipped.length === 0);
    const passed = ended.flat().reduce((sum, outcome) => sum + outcome.passed, 0);
    if (isWhole && isGreen) green[part.name] = { hash: hashOf(part), date: now.toISOString().slice(0, 10), passed };
  }
  writeFileSync(greenFile, `${JSON.stringify(green, null, 2)}\n`);
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

/** @throws Error where a pattern matches nothing: the list is out of date */
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
