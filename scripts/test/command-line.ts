import { parseArgs } from 'node:util';

/** What one call of the runner asks for. */
export interface Request {
  /** Groups, folders and files; empty means what `npm test` runs. */
  readonly names: readonly string[];
  /** Whether only the usage is shown. */
  readonly isHelp: boolean;
  /** Only what a change since this revision can affect; null for everything. */
  readonly changedSince: string | null;
  readonly shard: Shard | null;
  /** How many of the slowest files are listed at the end. */
  readonly slowest: number;
  /** How often the tests run; more than once, to find those that do not always pass. */
  readonly repeat: number;
  readonly isSavingTimings: boolean;
  /** Whether parts of the `platforms` group are left out whose inputs are those of their last green run. */
  readonly isStaleOnly: boolean;
  /** Whether results are computed again that turbo has kept. */
  readonly isFresh: boolean;
  /** How many cases or seeds each test with chance runs; null: as many as it says itself. */
  readonly cases: number | null;
  /** The first of them; null: as the test says itself. */
  readonly seed: number | null;
}

/** One of several parts of a run, which together hold every file once. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** A mistake on the command line: shown without a stack. */
export class UsageError extends Error {}

export const usage =
  'usage: npm test -- [group | folder | file]… [--changed[=REVISION]] [--shard 1/4] [--slowest[=10]] [--repeat 5] [--stale] [--fresh] [--save-timings] [--cases 1000] [--seed 7]';

/** @throws UsageError */
export function readCommandLine(args: readonly string[]): Request {
  const { values, positionals } = parse(args.map((arg, index) => withDefault(arg, args[index + 1])));
  return {
    isHelp: values.help ?? false,
    names: positionals.map((name) => name.replaceAll('\\', '/').replace(/\/$/, '')),
    changedSince: values.changed ?? null,
    shard: values.shard === undefined ? null : readShard(values.shard),
    slowest: readCount('slowest', values.slowest ?? '0', 0),
    repeat: readCount('repeat', values.repeat ?? '1', 1),
    isSavingTimings: values['save-timings'] ?? false,
    isStaleOnly: values.stale ?? false,
    isFresh: values.fresh ?? false,
    cases: values.cases === undefined ? null : readCount('cases', values.cases, 1),
    seed: values.seed === undefined ? null : readCount('seed', values.seed, 0),
  };
}

/** `parseArgs` knows no option whose value may be left out. A revision has to follow `=`, since a name may follow the option. */
function withDefault(arg: string, next: string | undefined): string {
  if (arg === '--changed') return '--changed=HEAD';
  return arg === '--slowest' && !/^\d+$/.test(next ?? '') ? '--slowest=10' : arg;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        changed: { type: 'string' },
        shard: { type: 'string' },
        slowest: { type: 'string' },
        repeat: { type: 'string' },
        'save-timings': { type: 'boolean' },
        fresh: { type: 'boolean' },
        stale: { type: 'boolean' },
        cases: { type: 'string' },
        seed: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

function readShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new UsageError(`--shard: expected a part of the whole such as 1/4, got "${text}"`);
  }
  return { index, count };
}

function readCount(name: string, text: string, min: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= min)) throw new UsageError(`--${name}: expected a number from ${min}, got "${text}"`);
  return count;
}
