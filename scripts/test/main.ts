// Runs the checks and the tests that its arguments name. The last line is `N passed, N failed`. CONTRIBUTING.md has the commands,
// `command-line.ts` the options.
import { join } from 'node:path';
import process, { argv, env, exit, stderr, stdout, versions } from 'node:process';
import { checks } from '../gates/checks.ts';
import { type Request, readCommandLine, UsageError, usage } from './command-line.ts';
import { buildExecutables, needsExecutable } from './executables.ts';
import { failure, type Outcome } from './outcome.ts';
import { greenParts, hashParts, recordParts, staleParts } from './platform-parts.ts';
import { runFiles } from './pool.ts';
import { printOutcome, printSlowest, printTasks, printTotals } from './report.ts';
import { type Selection, select } from './selection.ts';
import { allTestFiles, type TestFile } from './test-file.ts';
import { keepTimings, measuredSeconds, savedSeconds } from './timings.ts';
import { runTasks } from './turbo.ts';

process.chdir(join(import.meta.dirname, '../..'));
exit(await main(argv.slice(2)));

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  try {
    const request = readCommandLine(args);
    if (request.isHelp) {
      stdout.write(`${usage}\n`);
      return 0;
    }
    return await run(request, select(request, savedSeconds(), 'deno' in versions));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`npm test: ${error.message}\n`);
    return 2;
  }
}

async function run(request: Request, selection: Selection): Promise<number> {
  // The variables that the simulator's tests and those of `tests/fuzz` read.
  if (request.cases !== null) env['SLUICE_SEEDS'] = String(request.cases);
  if (request.seed !== null) env['SLUICE_SEED'] = String(request.seed);
  const tasks = [...(selection.hasChecks ? checks.map(({ name }) => name) : []), ...selection.turboGroups];
  const outcomes: Outcome[] = [...(await runTasks(tasks, request.isFresh))];
  outcomes.push(...unreported(selection.cached, outcomes));
  printTasks(outcomes);
  const hashes = hashParts(selection.files);
  const files = request.isStaleOnly ? staleParts(selection.files, hashes) : selection.files;
  if (files.length === 0 && outcomes.length === 0) stdout.write(`nothing to run: ${whyNothing(request)}\n`);
  const executables = { areNeededBy: needsExecutable, built: buildExecutables(files.filter(needsExecutable)) };
  const options = { secondsOf: measuredSeconds(), executables, onOutcome: printOutcome };
  for (let round = 0; round < request.repeat; round += 1) outcomes.push(...(await runFiles(files, options)));
  keepTimings(outcomes, request.isSavingTimings);
  recordParts(greenParts(outcomes, allTestFiles(), { hashes, environment: env, now: new Date() }));
  printSlowest(outcomes, request.slowest);
  return printTotals(outcomes);
}

/**
 * A test file that belongs to a task of turbo and that no task has reported did not run: the package lacks the script, or the task
 * crashed.
 */
function unreported(cached: readonly TestFile[], outcomes: readonly Outcome[]): readonly Outcome[] {
  const reported = new Set(outcomes.map(({ name }) => name));
  return cached.filter(({ path }) => !reported.has(path)).map(({ path }) => failure(path, 'no task of turbo ran it'));
}

function whyNothing({ isStaleOnly, changedSince, shard }: Request): string {
  if (isStaleOnly) return 'the inputs are those of the last green run';
  if (changedSince !== null) return 'no change affects a test';
  return shard === null ? 'no test was chosen' : 'this part of the whole has no file';
}
