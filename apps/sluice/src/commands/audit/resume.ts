import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { openRegular, readBeginning } from '@sluice/platform';
import { limits } from '../../limits.ts';

/** One line of the file: copies that were found right, and when. */
interface Line {
  /** Which question they belong to. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ids: readonly string[];
}

/**
 * What an interrupted `verify` found right, in a file of the state folder, so that the same question asked again within the hour goes on
 * from there. Where the folder may not be written to, nothing is kept.
 */
export class Resume {
  readonly #path: string;
  readonly #key: string;
  readonly #now: () => number;
  #isKept = true;
  #descriptor: number | null = null;

  /** @param question what was asked @param now wall clock, milliseconds */
  constructor(stateDir: string, question: readonly unknown[], now: () => number = Date.now) {
    this.#path = join(stateDir, 'verify-progress.jsonl');
    this.#key = createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 16);
    this.#now = now;
  }

  /** Returns the ids of copies that were found right within the last hour, by the same question. */
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

  /** Notes copies that were found right. */
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

  /** The question was answered: the next run begins again. */
  end(): void {
    this.close();
    // What cannot be removed is worth nothing after an hour.
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

  /** @throws where the folder belongs to another user, who may have put anything under this name, or the file is not a plain file */
  #open(): number {
    const { uid } = statSync(dirname(this.#path));
    const userId = process.geteuid?.() ?? uid;
    if (uid !== userId) throw new Error(`${dirname(this.#path)} belongs to user ${uid}`);
    return openRegular(this.#path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 'own', 0o600);
  }

  /** Whether what was found right is known to the next run. */
  isKept(): boolean {
    return this.#isKept;
  }
}

/** The last line of a run that was killed may be cut short. */
function parse(line: string): Line | null {
  try {
    const value = JSON.parse(line) as Partial<Line>;
    const isLine = typeof value.key === 'string' && typeof value.at === 'number' && Array.isArray(value.ids);
    return isLine ? { key: value.key ?? '', at: value.at ?? 0, ids: (value.ids ?? []).filter((id) => typeof id === 'string') } : null;
  } catch {
    return null;
  }
}
