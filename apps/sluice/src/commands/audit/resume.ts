import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { openRegular, readBeginning } from '@sluice/platform';
import { limits } from '../../limits.ts';

/** One line of a file: copies that were found unchanged, and when. */
interface Line {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ids: readonly string[];
}

/**
 * The results of an interrupted `verify`, in a file of the state folder. The same command continues from them within an hour; a run
 * with other arguments has another file. If the folder cannot be written, nothing is kept.
 */
export class Resume {
  readonly #stateDir: string;
  readonly #path: string;
  readonly #now: () => number;
  #isKept = true;
  #descriptor: number | null = null;

  /** @param question the arguments of the run @param now wall clock, milliseconds */
  constructor(stateDir: string, question: readonly unknown[], now: () => number = Date.now) {
    const key = createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 16);
    this.#stateDir = stateDir;
    this.#path = join(stateDir, `verify-progress-${key}.jsonl`);
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
      .flatMap(({ at, ids }) => (at >= since && at <= this.#now() ? ids : []));
  }

  /** Adds copies that were found unchanged. */
  add(ids: readonly string[]): void {
    if (!this.#isKept) return;
    const line = `${JSON.stringify({ at: this.#now(), ids } satisfies Line)}\n`;
    try {
      this.#descriptor ??= this.#open();
      writeSync(this.#descriptor, line);
      this.#isKept = fstatSync(this.#descriptor).size < limits.verifyResumeBytes;
    } catch {
      this.#isKept = false;
    }
  }

  /** Removes the file, and those of other runs that have expired or are too many, after a complete run, so that the next run starts from the beginning. */
  end(): void {
    this.close();
    removeQuietly(this.#path);
    this.#removeOld();
  }

  #removeOld(): void {
    const since = this.#now() - limits.verifyResumeMs;
    const others = names(this.#stateDir).flatMap((name) => {
      const path = join(this.#stateDir, name);
      const facts = lstatSync(path, { throwIfNoEntry: false });
      return facts?.isFile() ? [{ path, at: facts.mtimeMs }] : [];
    });
    others.sort((a, b) => b.at - a.at);
    for (const [index, { path, at }] of others.entries()) {
      if (at < since || index >= limits.verifyResumeFiles) removeQuietly(path);
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
    this.#removeOld();
    return openRegular(this.#path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 'own', 0o600);
  }

  /** Returns whether the results are kept for the next run. */
  isKept(): boolean {
    return this.#isKept;
  }
}

/** Returns the names of all such files in a state folder, also of those of earlier versions. */
function names(stateDir: string): readonly string[] {
  try {
    return readdirSync(stateDir).filter((name) => /^verify-progress(?:-[0-9a-f]{16})?\.jsonl$/.test(name));
  } catch {
    return [];
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its content expires after an hour.
  }
}

/** Parses a line. The last line of a killed run may be incomplete. */
function parse(line: string): Line | null {
  try {
    const value = JSON.parse(line) as Partial<Line>;
    const isLine = typeof value.at === 'number' && Array.isArray(value.ids);
    return isLine ? { at: value.at ?? 0, ids: (value.ids ?? []).filter((id) => typeof id === 'string') } : null;
  } catch {
    return null;
  }
}
