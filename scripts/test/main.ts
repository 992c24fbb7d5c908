// Runs the checks and the tests that its arguments name; the last line is `N passed, N failed`. CONTRIBUTING.md has the
// commands, `command-line.ts` the options.
import { join } from 'node:path';
import process, { argv, exit, stderr, stdout, versions } from 'node:process';
import { checks } from '../gates/checks.ts';
import { type Request, readCommandLine, UsageError } from './command-line.ts';
import { buildExecutables } from './executables.ts';
import type { Outcome } from './outcome.ts';
import { hashParts, recordGreenParts, staleParts } from './platform-parts.ts';
import { runFiles } from './pool.ts';
import { printOutcome, printSlowest, printTasks, printTotals } from './report.ts';
import { type Selection, select } from './selection.ts';
import { allTestFiles } from './test-file.ts';
import { keepTimings, measuredSeconds, savedSeconds } from './timings.ts';
import { runTasks } from './turbo.ts';

process.chdir(join(import.meta.dirname, '../..'));
exit(await main(argv.slice(2)));

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  try {
    const request = readCommandLine(args);
    return await run(request, select(request, savedSeconds(), 'deno' in versions));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`npm test: ${error.message}\n`);
    return 2;
  }
}

async function run(request: Request, selection: Selection): Promise<number> {
  const tasks = [...(selection.hasChecks ? checks.map(({ name }) => name) : []), ...selection.turboGroups];
  const outcomes: Outcome[] = [...(await runTasks(tasks, request.isFresh))];
  printTasks(outcomes);
  const hashes = hashParts(selection.files);
  const files = request.isStaleOnly ? staleParts(selection.files, hashes) : selection.files;
  if (files.length === 0 && outcomes.length === 0) stdout.write('nothing to run: no change affects a test\n');
  const environment = await buildExecutables(files);
  for (let round = 0; round < request.repeat; round += 1) {
    outcomes.push(...(await runFiles(files, { secondsOf: measuredSeconds(), environment, onOutcome: printOutcome })));
  }
  keepTimings(outcomes, request.isSavingTimings);
  recordGreenParts(outcomes, allTestFiles(), hashes, new Date());
  printSlowest(outcomes, request.slowest);
  return printTotals(outcomes);
}
