import { parseArgs } from 'node:util';

/** What one call of the runner requests. */
export interface Request {
  /** Groups, folders and files; empty means what `npm test` runs. */
  readonly names: readonly string[];
  /** Whether only the usage is shown. */
  readonly isHelp: boolean;
  /** Run only what a change since this revision can affect. Null: everything. */
  readonly changedSince: string | null;
  readonly shard: Shard | null;
  /** How many of the slowest files are listed at the end. */
  readonly slowest: number;
  /** How often the tests run; more than once to find unreliable ones. */
  readonly repeat: number;
  readonly isSavingTimings: boolean;
  /** Whether to leave out parts of the `platforms` group whose inputs equal those of their last green run. */
  readonly isStaleOnly: boolean;
  /** Whether to ignore the results that turbo has kept. */
  readonly isFresh: boolean;
  /** How many cases or seeds each randomized test runs. Null: the test's own number. */
  readonly cases: number | null;
  /** The first case or seed. Null: the test's own. */
  readonly seed: number | null;
}

/** One of several parts of a run, which together contain every file once. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** A mistake on the command line, which is shown without a stack. */
export class UsageError extends Error {}

/** What `--help` prints. */
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

/**
 * `parseArgs` does not support an option whose value may be omitted. A revision has to follow `=`, because a name may follow the
 * option.
 */
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
