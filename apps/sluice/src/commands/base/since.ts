import { CommandError, exitCode, parseTime } from '@sluice/words';

/**
 * Reads the option `--since`.
 *
 * @returns milliseconds since the epoch; null if it was not given
 * @throws CommandError if it is not a time, or one in the future
 */
export function readSince(text: string | undefined): number | null {
  if (text === undefined) return null;
  const since = parseTime(text, Date.now());
  if (since !== null && since > Date.now())
    throw new CommandError(`--since ${JSON.stringify(text)} is in the future: expected a time in the past`, exitCode.badUsage);
  if (since !== null) return since;
  throw new CommandError(
    `--since ${JSON.stringify(text)} is not a time: expected today, 18:00, 6h, 2026-11-23 or RFC 3339`,
    exitCode.badUsage,
  );
}
