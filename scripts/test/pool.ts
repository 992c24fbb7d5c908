import { availableParallelism } from 'node:os';
import { env } from 'node:process';
import { inspect } from 'node:util';
import { UsageError } from './command-line.ts';
import { failure, type Outcome, outcomeOf } from './outcome.ts';
import { type Executables, noVariables, Queue } from './queue.ts';
import type { TestFile } from './test-file.ts';
import { Worker } from './worker.ts';

/** How the files of a run are distributed over processes. */
export interface PoolOptions {
  /** Seconds that a file took before. They decide the order. */
  readonly secondsOf: (path: string) => number;
  /** Executables that some of the files run. The others run while they are built. */
  readonly executables: Executables | null;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Runs test files, more at once than the machine has processors, and afterwards those marked `alone`, one at a time. */
export async function runFiles(files: readonly TestFile[], options: PoolOptions): Promise<readonly Outcome[]> {
  const seconds = ({ path }: TestFile): number => options.secondsOf(path);
  const together = files.filter(({ isAlone }) => !isAlone).sort((one, other) => seconds(other) - seconds(one));
  // The shortest first: tests stretch a promised time by the load of the last minute, which is still that of the others at first.
  const alone = files.filter(({ isAlone }) => isAlone).sort((one, other) => seconds(one) - seconds(other));
  return [...(await runAtOnce(together, workerCount(together), options)), ...(await runAtOnce(alone, 1, options))];
}

/**
 * Returns how many processes run these files.
 * @throws UsageError if SLUICE_TEST_WORKERS is not a positive integer
 */
function workerCount(files: readonly TestFile[]): number {
  const text = env['SLUICE_TEST_WORKERS'];
  if (text === undefined) return availableParallelism() + Math.min(...files.map(({ group }) => group.moreAtOnce));
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`SLUICE_TEST_WORKERS: expected a number of processes from 1, got "${text}"`);
  return Number(text);
}

async function runAtOnce(files: readonly TestFile[], count: number, options: PoolOptions): Promise<readonly Outcome[]> {
  const queue = new Queue(files, options.executables);
  const outcomes: Outcome[] = [];
  const add = (outcome: Outcome): void => {
    outcomes.push(outcome);
    options.onOutcome(outcome);
  };
  const work = async (): Promise<void> => {
    let worker = new Worker(noVariables);
    let ran: string[] = [];
    const end = async (): Promise<void> => {
      const trouble = await worker.end();
      if (trouble !== null) add(failure(`after ${ran.join(', ')}`, trouble));
      ran = [];
    };
    for (let next = await queue.take(); next !== null; next = await queue.take()) {
      const { file, variables, trouble } = next;
      if (trouble !== null) {
        add(failure(file.path, `its executable could not be built: ${inspect(trouble)}`));
        continue;
      }
      if (variables !== worker.environment || file.needsOwnProcess) {
        await end();
        worker = new Worker(variables);
      }
      const outcome = outcomeOf(file.path, await worker.run(file), file.timeoutMs);
      ran.push(file.path);
      add(outcome);
      if (file.needsOwnProcess) await end();
    }
    await end();
  };
  await Promise.all(Array.from({ length: Math.min(count, files.length) }, work));
  return outcomes;
}
