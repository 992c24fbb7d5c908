import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { type ProcessEnd, runProcess } from '../run-process.ts';
import type { Outcome } from './outcome.ts';

/** Where a cached task leaves the outcomes of its test files, below the folder of its package. */
export function resultFile(group: string): string {
  return `.test/${group}.json`;
}

/** The part of turbo's summary of a run that is read here. Format: `turbo run --summarize`, version 1. */
interface RunSummary {
  readonly tasks: readonly {
    readonly task: string;
    readonly directory: string;
    readonly cache: { readonly status: 'HIT' | 'MISS' };
    readonly execution?: { readonly startTime: number; readonly endTime: number; readonly exitCode: number };
  }[];
}

const summaries = '.turbo/runs';
const timeoutMs = 900_000;

/**
 * Runs tasks of `turbo.json`, or takes their kept results where nothing that they depend on has changed.
 *
 * @param isFresh whether kept results are computed again
 * @returns an outcome for each check and each test file
 * @throws Error where turbo ended before it ran anything
 */
export async function runTasks(tasks: readonly string[], isFresh: boolean): Promise<readonly Outcome[]> {
  if (tasks.length === 0) return [];
  rmSync(summaries, { recursive: true, force: true });
  const flags = ['--output-logs=errors-only', '--log-prefix=none', '--log-order=grouped', '--continue=always', '--summarize'];
  const atOnce = `--concurrency=${availableParallelism() + 1}`;
  const { code, output } = await turbo(['run', ...tasks, ...flags, atOnce, ...(isFresh ? ['--force'] : [])]);
  const [summary] = globSync(join(summaries, '*.json'));
  if (summary === undefined) throw new Error(`turbo ended with ${code} and without a summary of its run:\n${output}`);
  if (code !== 0) stdout.write(output);
  const { tasks: ended } = JSON.parse(readFileSync(summary, 'utf8')) as RunSummary;
  return ended.flatMap(outcomesOf);
}

function turbo(args: readonly string[]): Promise<ProcessEnd> {
  return runProcess(join('node_modules', '.bin', 'turbo'), args, { timeoutMs, env: { TURBO_NO_UPDATE_NOTIFIER: '1' } });
}

function outcomesOf({ task, directory, cache, execution }: RunSummary['tasks'][number]): readonly Outcome[] {
  // A task without a command only stands for the sources of its package.
  if (execution === undefined) return [];
  const seconds = (execution.endTime - execution.startTime) / 1000;
  const isCached = cache.status === 'HIT';
  const results = join(directory, resultFile(task));
  if (existsSync(results)) return (JSON.parse(readFileSync(results, 'utf8')) as Outcome[]).map((outcome) => ({ ...outcome, isCached }));
  const isGood = execution.exitCode === 0;
  return [{ name: task, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: [], output: '', seconds, isCached }];
}
