/** Tests that run by one command. Groups differ in what they need from the machine and in how long they take. */
export interface Group {
  readonly name: string;
  /** The test files, except those whose marks name another group. */
  readonly files: readonly string[];
  /** Whether turbo may keep a result. A test that uses real time or the machine says so in its marks and always runs. */
  readonly isCached: boolean;
  /** Whether its files run one at a time, because they build, start whole machines, or are slowed down by an emulator. */
  readonly isOneAtATime: boolean;
  /** How many more of its files than the machine has processors run at once, because they spend much of their time waiting. */
  readonly moreAtOnce: number;
  /** What a change in `packages`, `apps` and `scripts` affects: the files that import the changed file, or every file of the group. */
  readonly affected: 'by import' | 'all';
}

const defaults = { isCached: false, isOneAtATime: false, moreAtOnce: 2, affected: 'all' } as const;

/** All groups, in the order in which they run. The checks are in `checks.ts` of `scripts/gates`. */
export const groups: readonly Group[] = [
  {
    ...defaults,
    name: 'unit',
    files: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tests/scripts/**/*.test.ts'],
    isCached: true,
    affected: 'by import',
  },
  {
    ...defaults,
    name: 'scenario',
    files: ['tests/scenario/**/*.test.ts', 'tests/sim/**/*.test.ts', 'tests/screen/**/*.test.ts'],
    isCached: true,
    affected: 'by import',
  },
  { ...defaults, name: 'fuzz', files: ['tests/fuzz/**/*.test.ts'], affected: 'by import' },
  { ...defaults, name: 'smoke', files: ['tests/smoke/**/*.test.ts'] },
  { ...defaults, name: 'storage', files: ['tests/e2e/**/*.test.ts'], moreAtOnce: 3 },
  { ...defaults, name: 'package', files: ['tests/package/**/*.test.ts'] },
  { ...defaults, name: 'platforms', files: ['tests/platforms/**/*.test.ts'], isOneAtATime: true },
];

/** The groups of `npm test`. */
export const everydayGroups: readonly string[] = ['unit', 'scenario', 'smoke'];

/** The name of the checks on the command line. */
export const checkGroup = 'check';

/** What runs under Deno if no test is named. Deno does not keep the bytes of a name, and its times are coarse (docs/deno.md). */
export const denoFiles: readonly string[] = [
  ...['core', 'platform', 'lists', 'child', 'persistence', 'config', 'lock', 'control', 'words', 'agent', 'testkit'],
]
  .map((name) => `packages/${name}/test/**/*.test.ts`)
  .concat('tests/sim/**/*.test.ts', 'tests/scenario/**/*.test.ts');
