import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execPath, stdout } from 'node:process';
import { type ProcessEnd, runProcess } from '../run-process.ts';
import { failure, type Outcome } from './outcome.ts';

/** Returns where a cached task leaves the outcomes of its test files, below the folder of its package. */
export function resultFile(group: string): string {
  return `.test/${group}.json`;
}

/** The content of that file. */
export interface KeptResults {
  /** turbo's hash of everything that the task depends on. Results of an earlier run have a different hash. */
  readonly hash: string;
  readonly outcomes: readonly Outcome[];
}

/** The part of turbo's summary of a run that is read here. Format: `turbo run --summarize`, version 1. */
interface RunSummary {
  readonly tasks: readonly {
    readonly task: string;
    readonly hash: string;
    readonly directory: string;
    readonly cache: { readonly status: 'HIT' | 'MISS' };
    readonly execution?: { readonly startTime: number; readonly endTime: number; readonly exitCode: number };
  }[];
}

const main = 'node_modules/turbo/bin/turbo';
const timeoutMs = 900_000;

/**
 * Runs tasks of `turbo.json`, or reuses their results if nothing that they depend on has changed.
 * @param isFresh whether to ignore kept results
 * @returns an outcome for each check and each test file; a task that turbo did not finish has failed
 * @throws Error if turbo ended before it ran anything
 */
export async function runTasks(tasks: readonly string[], isFresh: boolean): Promise<readonly Outcome[]> {
  if (tasks.length === 0) return [];
  const flags = ['--output-logs=errors-only', '--log-prefix=none', '--log-order=grouped', '--continue=always', '--summarize'];
  const atOnce = `--concurrency=${availableParallelism() + 1}`;
  const { code, output } = await turbo(['run', ...tasks, ...flags, atOnce, ...(isFresh ? ['--force'] : [])]);
  // Another run in this checkout writes a summary too, so the one that this run names is read.
  const summary = /^\s*Summary:\s+(\S.*\.json)\s*$/m.exec(output)?.[1];
  if (summary === undefined || !existsSync(summary))
    throw new Error(`turbo ended with ${code} and without a summary of its run:\n${output}`);
  if (code !== 0) stdout.write(output);
  const { tasks: ended } = JSON.parse(readFileSync(summary, 'utf8')) as RunSummary;
  rmSync(summary);
  const outcomes = ended.flatMap(outcomesOf);
  const missing = tasks.filter((name) => !ended.some(({ task, execution }) => task === name && execution !== undefined));
  const failed = missing.map((name) => failure(name, 'turbo did not run it'));
  if (code !== 0 && failed.length === 0 && outcomes.every((outcome) => outcome.failed === 0))
    failed.push(failure('turbo', `turbo ended with ${code}`));
  return [...outcomes, ...failed];
}

function turbo(args: readonly string[]): Promise<ProcessEnd> {
  return runProcess(execPath, [main, ...args], { timeoutMs, env: { TURBO_NO_UPDATE_NOTIFIER: '1' } });
}

function outcomesOf({ task, hash, directory, cache, execution }: RunSummary['tasks'][number]): readonly Outcome[] {
  // A task without a command only stands for the sources of its package.
  if (execution === undefined) return [];
  const seconds = (execution.endTime - execution.startTime) / 1000;
  const isCached = cache.status === 'HIT';
  const isGood = execution.exitCode === 0;
  if (task.startsWith('check:')) {
    return [{ name: task, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: [], output: '', seconds, isCached }];
  }
  const outcomes = keptOutcomes(join(directory, resultFile(task)), hash).map((outcome) => ({ ...outcome, isCached }));
  const isExplained = isGood || outcomes.some(({ failed }) => failed > 0);
  return isExplained ? outcomes : [...outcomes, failure(`${task} of ${directory || 'the root'}`, `ended with ${execution.exitCode}`)];
}

function keptOutcomes(file: string, hash: string): readonly Outcome[] {
  if (!existsSync(file)) return [];
  const kept = JSON.parse(readFileSync(file, 'utf8')) as KeptResults;
  return kept.hash === hash ? kept.outcomes : [];
}
