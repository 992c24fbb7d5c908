import { stdout } from 'node:process';
import type { Outcome } from './outcome.ts';

/** Prints a line for a check or a test file, and the output of one that failed. */
export function printOutcome(outcome: Outcome): void {
  const mark = outcome.failed === 0 ? 'ok  ' : 'FAIL';
  const time = outcome.isCached === true ? 'cached' : `${outcome.seconds.toFixed(1)} s`;
  stdout.write(`${mark} ${outcome.name} (${outcome.passed} passed, ${time})\n`);
  for (const line of [...outcome.skipped, ...(outcome.notes ?? [])]) stdout.write(`     ${line}\n`);
  if (outcome.output !== '') stdout.write(`${outcome.output}\n`);
}

/** Prints what turbo ran: every check, and the test files as one line. */
export function printTasks(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) if (!isTestFile(outcome) || outcome.failed > 0) printOutcome(outcome);
  const files = outcomes.filter(isTestFile);
  if (files.length === 0) return;
  const kept = files.filter(({ isCached }) => isCached === true).length;
  const failed = files.filter((outcome) => outcome.failed > 0).length;
  const passed = sum(files, (outcome) => outcome.passed);
  stdout.write(`${failed === 0 ? 'ok  ' : 'FAIL'} ${files.length} test files (${passed} passed, ${kept} files cached)\n`);
  for (const line of files.flatMap(({ skipped }) => skipped)) stdout.write(`     ${line}\n`);
}

/** Prints the files that took longest. */
export function printSlowest(outcomes: readonly Outcome[], count: number): void {
  const ran = outcomes.filter(({ isCached }) => isCached !== true).toSorted((one, other) => other.seconds - one.seconds);
  if (count > 0)
    stdout.write(
      `slowest:\n${ran
        .slice(0, count)
        .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${name}\n`)
        .join('')}`,
    );
}

/** Prints the totals. The last line is what CI reads. @returns the exit code */
export function printTotals(outcomes: readonly Outcome[]): number {
  const failed = sum(outcomes, (outcome) => outcome.failed);
  const skipped = sum(outcomes, (outcome) => outcome.skipped.length);
  for (const outcome of outcomes) if (outcome.failed > 0) stdout.write(`failed: ${outcome.name}\n`);
  const passed = sum(outcomes, (outcome) => outcome.passed);
  stdout.write(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
  return failed === 0 ? 0 : 1;
}

function isTestFile({ name }: Outcome): boolean {
  return name.endsWith('.test.ts');
}

function sum(outcomes: readonly Outcome[], figure: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + figure(outcome), 0);
}
