import { limits } from '../limits.ts';
import type { Judged } from '../model.ts';
import type { AuditMessage } from './messages.ts';

/** Sends the results of an audit in batches, and its progress. */
export class Reporter {
  readonly #send: (message: AuditMessage) => Promise<void>;
  readonly #now: () => number;
  #judged: Judged[] = [];
  #right: string[] = [];
  #files = 0;
  #bytes = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that never goes back */
  constructor(send: (message: AuditMessage) => Promise<void>, now: () => number) {
    this.#send = send;
    this.#now = now;
  }

  async send(message: AuditMessage): Promise<void> {
    await this.#send(message);
  }

  /** Reports the progress at once, as a sign that the audit works. For before and after a long step. */
  async alive(): Promise<void> {
    this.#reportedAt = this.#now();
    await this.#send({ kind: 'progress', files: this.#files, bytes: this.#bytes });
  }

  /** Reports the progress. @param bytes read so far of the present file */
  async progress(bytes: number): Promise<void> {
    const now = this.#now();
    if (now - this.#reportedAt < limits.progressEveryMs) return;
    this.#reportedAt = now;
    await this.#send({ kind: 'progress', files: this.#files, bytes: this.#bytes + bytes });
  }

  async judged(judged: Judged): Promise<void> {
    this.#judged.push(judged);
    await this.#one(judged.sizeBytes);
    if (this.#judged.length >= limits.batchFiles) await this.#flushJudged();
  }

  /** Reports a file that was found unchanged. */
  async right(id: string, sizeBytes: number): Promise<void> {
    this.#right.push(id);
    await this.#one(sizeBytes);
  }

  /** Counts a file that was judged. */
  async seen(sizeBytes: number): Promise<void> {
    await this.#one(sizeBytes);
  }

  async flush(): Promise<void> {
    await this.#flushJudged();
    await this.#flushRight();
  }

  async #one(sizeBytes: number): Promise<void> {
    this.#files += 1;
    this.#bytes += sizeBytes;
    const before = this.#reportedAt;
    await this.progress(0);
    // Unchanged files are sent together with the progress, so that an interrupted run continues from the progress that it showed.
    if (this.#reportedAt !== before) await this.#flushRight();
  }

  async #flushJudged(): Promise<void> {
    if (this.#judged.length === 0) return;
    const files = this.#judged;
    this.#judged = [];
    await this.#send({ kind: 'judged', files });
  }

  async #flushRight(): Promise<void> {
    if (this.#right.length === 0) return;
    const ids = this.#right;
    this.#right = [];
    await this.#send({ kind: 'right', ids });
  }
}
