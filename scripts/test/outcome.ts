import { beginMark } from './worker-protocol.ts';

/** The result of one check or one test file. */
export interface Outcome {
  /** The path of a test file, or the name of a check. */
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** A line for each test that could not run here, with the reason. */
  readonly skipped: readonly string[];
  /** Figures: lines that it printed after `noted: `. */
  readonly notes?: readonly string[];
  /** Its output; empty if it passed. */
  readonly output: string;
  readonly seconds: number;
  /** Whether the result was kept from an earlier run on the same files. */
  readonly isCached?: boolean;
}

/** How a test file ended. */
export interface FileEnd {
  readonly code: number | null;
  readonly output: string;
  readonly isLate: boolean;
  readonly seconds: number;
}

/** Returns a failed outcome without a summary of tests. */
export function failure(name: string, output: string): Outcome {
  return { name, passed: 0, failed: 1, skipped: [], output, seconds: 0 };
}

/**
 * Reads the summary that uvu prints at the end of a file. A file without a test, and one that ended without a summary, has failed.
 * So has one whose tests did not all run: uvu stops if a hook throws, and still ends with exit code 0, and `test.only` leaves the
 * others out. A test that prints why it cannot run here (`skipped: …`) has not passed.
 */
export function outcomeOf(name: string, { code, output: printed, isLate, seconds }: FileEnd, timeoutMs: number): Outcome {
  const [beforeTests = '', ...inTests] = printed.split(`\n${beginMark}\n`);
  const output = printed.replace(`\n${beginMark}\n`, '\n');
  // A test may print such lines too, so the last ones count.
  const figure = (word: string): number => Number([...output.matchAll(new RegExp(`^\\s+${word}:\\s+(\\d+)`, 'gm'))].at(-1)?.[1] ?? 0);
  const [total, ran, leftOut] = [figure('Total'), figure('Passed'), figure('Skipped')];
  const skippedTests = skipsIn(inTests.join('\n'));
  const skipped = [...skipsIn(beforeTests), ...skippedTests];
  const isGood = code === 0 && !isLate && leftOut === 0 && ran === total && (total > 0 || skipped.length > 0);
  const passed = Math.max(0, ran - skippedTests.length);
  const notes = [...output.matchAll(/\bnoted: (.*)/g)].map(([, note = '']) => note);
  if (isGood) return { name, passed, failed: 0, skipped, notes, output: '', seconds };
  const why = isLate
    ? `\nended at its limit of ${timeoutMs / 1000} s\n`
    : leftOut > 0
      ? `\n${leftOut} tests were left out by test.skip or test.only\n`
      : ran < total
        ? `\nonly ${ran} of ${total} tests passed\n`
        : `\nended with exit code ${code} after ${ran} of ${total} tests\n`;
  return { name, passed, failed: Math.max(1, total - ran), skipped, output: output + why, seconds };
}

/** Such a line may begin after the dots that uvu prints. */
function skipsIn(text: string): readonly string[] {
  return [...text.matchAll(/\bskipped: .*/g)].map(([line]) => line);
}
