import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { openRegular, readBeginning } from '@sluice/platform';
import { limits } from '../../limits.ts';

/** One line of the file: copies that were found unchanged, and when. */
interface Line {
  /** Identifies the arguments of the run. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ids: readonly string[];
}

/**
 * The results of an interrupted `verify`, in a file of the state folder. The same command continues from them within an hour. If
 * the folder cannot be written, nothing is kept.
 */
export class Resume {
  readonly #path: string;
  readonly #key: string;
  readonly #now: () => number;
  #isKept = true;
  #descriptor: number | null = null;

  /** @param question the arguments of the run @param now wall clock, milliseconds */
  constructor(stateDir: string, question: readonly unknown[], now: () => number = Date.now) {
    this.#path = join(stateDir, 'verify-progress.jsonl');
    this.#key = createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 16);
    this.#now = now;
  }

  /** Returns the ids of copies that a run with the same arguments found unchanged within the last hour. */
  read(): readonly string[] {
    let text: string;
    try {
      text = readBeginning(this.#path, limits.verifyResumeBytes, 'own').toString();
    } catch {
      return [];
    }
    const since = this.#now() - limits.verifyResumeMs;
    return text
      .split('\n')
      .flatMap((line) => parse(line) ?? [])
      .flatMap(({ key, at, ids }) => (key === this.#key && at >= since && at <= this.#now() ? ids : []));
  }

  /** Adds copies that were found unchanged. */
  add(ids: readonly string[]): void {
    if (!this.#isKept) return;
    const line = `${JSON.stringify({ key: this.#key, at: this.#now(), ids } satisfies Line)}\n`;
    try {
      this.#descriptor ??= this.#open();
      writeSync(this.#descriptor, line);
      this.#isKept = fstatSync(this.#descriptor).size < limits.verifyResumeBytes;
    } catch {
      this.#isKept = false;
    }
  }

  /** Removes the file after a complete run, so that the next run starts from the beginning. */
  end(): void {
    this.close();
    // A file that cannot be removed expires after an hour.
    try {
      rmSync(this.#path, { force: true });
    } catch {
      this.#isKept = false;
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  /**
   * Opens the file. @throws if the folder belongs to another user, who may have created anything under this name, or if it is not
   * a regular file
   */
  #open(): number {
    const { uid } = statSync(dirname(this.#path));
    const userId = process.geteuid?.() ?? uid;
    if (uid !== userId) throw new Error(`${dirname(this.#path)} belongs to user ${uid}`);
    return openRegular(this.#path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 'own', 0o600);
  }

  /** Returns whether the results are kept for the next run. */
  isKept(): boolean {
    return this.#isKept;
  }
}

/** Parses a line. The last line of a killed run may be incomplete. */
function parse(line: string): Line | null {
  try {
    const value = JSON.parse(line) as Partial<Line>;
    const isLine = typeof value.key === 'string' && typeof value.at === 'number' && Array.isArray(value.ids);
    return isLine ? { key: value.key ?? '', at: value.at ?? 0, ids: (value.ids ?? []).filter((id) => typeof id === 'string') } : null;
  } catch {
    return null;
  }
}
