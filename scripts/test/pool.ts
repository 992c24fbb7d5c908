import { availableParallelism } from 'node:os';
import { env } from 'node:process';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { TestFile } from './test-file.ts';
import { Worker } from './worker.ts';

/** How the files of a run are spread over processes. */
export interface PoolOptions {
  /** Seconds that a file took before; what takes long starts first. */
  readonly secondsOf: (path: string) => number;
  /** Variables for the test processes, such as the path of the executable. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Runs test files, one more at once than the machine has processors; `alone` ones afterwards, one at a time. */
export async function runFiles(files: readonly TestFile[], options: PoolOptions): Promise<readonly Outcome[]> {
  const longestFirst = [...files].sort((one, other) => options.secondsOf(other.path) - options.secondsOf(one.path));
  const together = longestFirst.filter(({ isAlone }) => !isAlone);
  const alone = longestFirst.filter(({ isAlone }) => isAlone);
  return [...(await runAtOnce(together, workerCount(), options)), ...(await runAtOnce(alone, 1, options))];
}

/** One more than the machine has processors: end-to-end tests spend much of their time waiting. */
function workerCount(): number {
  return Number(env['SLUICE_TEST_WORKERS'] ?? availableParallelism() + 1);
}

async function runAtOnce(files: readonly TestFile[], count: number, options: PoolOptions): Promise<readonly Outcome[]> {
  const waiting = [...files];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    const worker = new Worker(options.environment);
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const outcome = outcomeOf(file.path, await worker.run(file), file.timeoutMs);
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
    await worker.end();
  };
  await Promise.all(Array.from({ length: Math.min(count, files.length) }, work));
  return outcomes;
}
