import process from 'node:process';
import { isatty } from 'node:tty';
import type { Progress } from '@sluice/audit';
import { countText, etaText, rateShort, sizeShort } from '@sluice/words';
import { limits } from '../../limits.ts';

/**
 * A line on the terminal with the progress of a command, its rate and the remaining time. It is shown only if standard error is a
 * terminal.
 */
export class ProgressLine {
  readonly #startedAt = performance.now();
  readonly #isShown = isatty(2);
  #shownAt = Number.NEGATIVE_INFINITY;
  #hasText = false;

  show(progress: Progress): void {
    const now = performance.now();
    if (!this.#isShown || now - this.#shownAt < limits.progressEveryMs || now - this.#startedAt < limits.progressAfterMs) return;
    this.#shownAt = now;
    this.#hasText = true;
    process.stderr.write(`\r\u001b[K${progressText(progress, now - this.#startedAt, process.stderr.columns)}`);
  }

  /** Clears the line, before other text is printed. */
  clear(): void {
    if (this.#hasText) process.stderr.write('\r\u001b[K');
    this.#hasText = false;
  }
}

/** Returns the text of the line. @param forMs time since the start, milliseconds @param columns width of the terminal */
export function progressText({ files, bytes, allFiles, allBytes }: Progress, forMs: number, columns: number): string {
  const rate = forMs > 0 ? (bytes / forMs) * 1_000 : 0;
  const left = allBytes === null || rate === 0 ? null : ((allBytes - bytes) / rate) * 1_000;
  const text =
    allFiles === null || allBytes === null
      ? `${countText(files)} files, ${sizeShort(bytes)}`
      : `${countText(files)} of ${countText(allFiles)} files, ${sizeShort(bytes)} of ${sizeShort(allBytes)}, ${rateShort(rate)}, ${etaText(left)} left`;
  return text.slice(0, Math.max(0, columns - 1));
}
