/** What one check or one test file came to. */
export interface Outcome {
  /** The path of a test file, or the name of a check. */
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** A line for each test that could not run here, with the reason. */
  readonly skipped: readonly string[];
  /** What it printed; empty where it passed. */
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

/**
 * Reads the summary that uvu prints at the end of a file.
 *
 * A file without a test, and one that ended without a summary, has failed. So has one whose tests did not all run: uvu stops
 * where a hook throws, and ends with exit code 0 all the same.
 */
export function outcomeOf(name: string, { code, output, isLate, seconds }: FileEnd, timeoutMs: number): Outcome {
  const figure = (word: string): number => Number(new RegExp(`^\\s+${word}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const [total, passed] = [figure('Total'), figure('Passed')];
  const skipped = output.split('\n').filter((line) => line.startsWith('skipped: '));
  const isGood = code === 0 && !isLate && passed === total && (total > 0 || skipped.length > 0);
  if (isGood) return { name, passed, failed: 0, skipped, output: '', seconds };
  const why = isLate
    ? `\nended at its limit of ${timeoutMs / 1000} s\n`
    : passed < total
      ? `\nonly ${passed} of ${total} tests passed\n`
      : `\nended with exit code ${code} after ${passed} of ${total} tests\n`;
  return { name, passed, failed: Math.max(1, total - passed), skipped, output: output + why, seconds };
}
