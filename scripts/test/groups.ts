/** A set of tests that runs by one command. Groups differ in what they need from the machine and in how long they take. */
export interface Group {
  readonly name: string;
  /** The test files, unless a file names another group in its marks. */
  readonly files: readonly string[];
  /** Whether turbo may keep a result: a test that touches real time or the machine says so in its marks and always runs. */
  readonly isCached: boolean;
  /** Whether its files run one at a time: they build, start whole machines, or are slowed down by an emulator. */
  readonly isOneAtATime: boolean;
  /** What a change in `packages`, `apps` and `scripts` affects: the files that import it, or every file of the group. */
  readonly affected: 'by import' | 'all';
}

const defaults = { isCached: false, isOneAtATime: false, affected: 'all' } as const;

/** In the order in which they run. The checks are not here: `checks.ts` in `scripts/gates` has them. */
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
  { ...defaults, name: 'storage', files: ['tests/e2e/**/*.test.ts'] },
  { ...defaults, name: 'package', files: ['tests/package/**/*.test.ts'] },
  { ...defaults, name: 'platforms', files: ['tests/platforms/**/*.test.ts'], isOneAtATime: true },
];

/** The groups of `npm test`. */
export const everydayGroups: readonly string[] = ['unit', 'scenario', 'smoke'];

/** The name by which the command line calls the checks. */
export const checkGroup = 'check';

/** What runs under Deno where no test is named: Deno keeps no bytes of a name, and its times are coarse (docs/deno.md). */
export const denoFiles: readonly string[] = [
  ...['core', 'platform', 'lists', 'child', 'persistence', 'config', 'lock', 'control', 'words', 'agent', 'testkit'],
]
  .map((name) => `packages/${name}/test/**/*.test.ts`)
  .concat('tests/sim/**/*.test.ts', 'tests/scenario/**/*.test.ts');
