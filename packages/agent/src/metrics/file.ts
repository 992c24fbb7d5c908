import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '@sluice/platform';
import { limits } from '../limits.ts';
import type { Clock, Timer } from '../ports.ts';

/** How a metrics file is written. */
export interface MetricsFileDependencies {
  readonly path: string;
  readonly text: () => string;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: (level: 'info' | 'warn', text: string) => void;
}

/**
 * Writes a metrics file periodically, for the textfile collector of Prometheus' node exporter. Each time the file is replaced in
 * one step, so that no reader sees a part of it. A folder that hangs delays only the next write, which comes after the end of
 * this one.
 */
export class MetricsFile {
  readonly #dependencies: MetricsFileDependencies;
  readonly #timer: Timer;
  #refused: string | null = null;
  #hasEnded = false;

  constructor(dependencies: MetricsFileDependencies) {
    this.#dependencies = dependencies;
    this.#timer = dependencies.makeTimer(() => void this.#again());
    this.#timer.set(dependencies.clock.monotonic());
  }

  /** Ends the writing. It does not wait for a running write. */
  end(): void {
    this.#hasEnded = true;
    this.#timer.clear();
  }

  async #again(): Promise<void> {
    const { path, text, log, clock } = this.#dependencies;
    try {
      await assertOwn(path);
      await replaceFile(path, text());
      if (this.#refused !== null) log('info', `the metrics are written to ${path} again`);
      this.#refused = null;
    } catch (error) {
      const why = error instanceof NotOurs ? error.message : `(${errnoOf(error)}); check the folder of metrics_file and its rights`;
      if (this.#refused !== why) log('warn', `the metrics cannot be written to ${path} ${why}`);
      this.#refused = why;
    }
    if (!this.#hasEnded) this.#timer.set(clock.monotonic() + limits.metricsEveryMs);
  }
}

/** Something else has the name of the metrics file. */
class NotOurs extends Error {
  override readonly name = 'NotOurs';

  constructor() {
    super('because something other than such a file has that name; it stays as it is; give metrics_file another name');
  }
}

/** What every metrics file begins with. */
const begin = '# HELP sluice_';

/**
 * Checks that the path is free, or has a file of metrics. A mistake in the configuration must not cost a recording.
 * @throws NotOurs
 */
async function assertOwn(path: string): Promise<void> {
  try {
    // A pipe would block.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!(await file.stat()).isFile()) throw new NotOurs();
      const { bytesRead, buffer } = await file.read(Buffer.alloc(begin.length), 0);
      if (bytesRead > 0 && buffer.toString('utf8', 0, bytesRead) !== begin) throw new NotOurs();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Replaces the file. It is readable for all users, because the exporter runs as another user. */
async function replaceFile(path: string, text: string): Promise<void> {
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
  try {
    const file = await open(aside, 'wx', 0o644);
    try {
      await file.writeFile(text);
      await file.chmod(0o644);
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
}
