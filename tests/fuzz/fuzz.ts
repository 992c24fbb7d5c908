import process, { env, stdout } from 'node:process';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { createPrng, type Prng } from '@sluice/testkit';
import { test } from 'uvu';

/** A target: how an input is made, and what has to hold for it. */
export interface Target<Input> {
  /** What the target gets, and what has to hold. */
  readonly claim: string;
  /** The test file, for the command that repeats a case. */
  readonly file: string;
  /** The number of cases in a normal run. */
  readonly cases: number;
  /** The limit for one case, in milliseconds. */
  readonly limitMs: number;
  readonly make: (chance: Prng) => Input;
  /** @throws Error that says what did not hold */
  readonly run: (input: Input) => unknown;
  readonly show?: (input: Input) => string;
}

const firstSeed = Number(env['SLUICE_SEED'] ?? 1);
const chosenCases = env['SLUICE_SEEDS'];
/** Further cases would show the same kind of fault. */
const maxFaults = 5;
const shownInput = 4_000;
/** Bytes by which the process may grow during a run, and that may be left of it after a collection. */
const maxPeak = 1_000_000_000;
const maxKept = 60_000_000;
const memoryEvery = 256;

/**
 * Registers the test of a target. Case N has the seed N, and a seed gives the same input on every machine. The runner prints the
 * numbers of the run.
 */
export function fuzz<Input>(target: Target<Input>): void {
  test(target.claim, async () => {
    const run = new Run(target);
    try {
      await run.all(chosenCases === undefined ? target.cases : Number(chosenCases));
    } finally {
      await run.end();
    }
    if (run.faults.length > 0) throw new Error(run.faults.join('\n\n'));
  });
}

class Run<Input> {
  readonly faults: string[] = [];
  readonly #target: Target<Input>;
  readonly #watchdog: Watchdog;
  readonly #startedAt = performance.now();
  #peakBytes = 0;
  #strays: unknown[] = [];
  readonly #onStray = (error: unknown): void => void this.#strays.push(error);

  constructor(target: Target<Input>) {
    this.#target = target;
    this.#watchdog = new Watchdog(target);
    process.on('uncaughtException', this.#onStray);
    process.on('unhandledRejection', this.#onStray);
  }

  async all(cases: number): Promise<void> {
    const before = { rss: process.memoryUsage().rss, kept: keptBytes() };
    let ran = 0;
    for (let seed = firstSeed; seed < firstSeed + cases && this.faults.length < maxFaults; seed += 1) {
      await this.#one(seed, cases === 1);
      ran += 1;
      if (ran % memoryEvery === 0) this.#peakBytes = Math.max(this.#peakBytes, process.memoryUsage().rss);
    }
    const peak = Math.max(this.#peakBytes, process.memoryUsage().rss) - before.rss;
    const kept = keptBytes() - before.kept;
    if (peak > maxPeak || kept > maxKept)
      this.faults.push(`the process grew by ${megabytes(peak)} in ${ran} cases, and kept ${megabytes(kept)}`);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    stdout.write(
      `noted: ${ran} cases, ${seconds.toFixed(1)} s, grown by ${megabytes(peak)} at most, kept ${megabytes(kept)}, ${this.faults.length} faults\n`,
    );
  }

  async #one(seed: number, isShown: boolean): Promise<void> {
    const { make, run, show = inspectInput } = this.#target;
    const input = make(createPrng(seed));
    if (isShown) stdout.write(`seed ${seed}: ${show(input)}\n`);
    this.#watchdog.begin(seed);
    const errors: unknown[] = [];
    try {
      await run(input);
    } catch (error) {
      errors.push(error);
    }
    this.#watchdog.endCase();
    errors.push(...this.#strays.splice(0), ...pollution());
    for (const error of errors) this.faults.push(`${repeat(this.#target.file, seed)}\n${textOf(error)}\ninput: ${cut(show(input))}`);
  }

  async end(): Promise<void> {
    process.off('uncaughtException', this.#onStray);
    process.off('unhandledRejection', this.#onStray);
    await this.#watchdog.end();
  }
}

/** A thread that ends the process if a case takes too long: a case that hangs may never return to the event loop. */
class Watchdog {
  /** The seed of the case, and its deadline in seconds since the thread began, or 0. */
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;
  readonly #limitMs: number;
  readonly #startedAt = performance.timeOrigin + performance.now();

  constructor({ file, limitMs }: Pick<Target<never>, 'file' | 'limitMs'>) {
    this.#limitMs = limitMs;
    const workerData = { shared: this.#shared, startedAt: this.#startedAt, hint: repeat(file, '{seed}'), limitMs };
    this.#worker = new Worker(new URL('./watchdog.ts', import.meta.url), { workerData });
    this.#worker.unref();
  }

  begin(seed: number): void {
    this.#shared[0] = seed;
    Atomics.store(this.#shared, 1, performance.timeOrigin + performance.now() - this.#startedAt + this.#limitMs);
  }

  endCase(): void {
    Atomics.store(this.#shared, 1, 0);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Returns what an input has added to Object.prototype. */
function pollution(): readonly Error[] {
  const added = [];
  // This searches for inherited keys.
  for (const key in {}) added.push(key);
  for (const key of added) Reflect.deleteProperty(Object.prototype, key);
  return added.map((key) => new Error(`every object has a property ${JSON.stringify(key)} now`));
}

function repeat(file: string, seed: number | string): string {
  return `repeat it with: npm test -- ${file} --cases 1 --seed ${seed}`;
}

function inspectInput(input: unknown): string {
  return inspect(input, { depth: 12, maxStringLength: shownInput, breakLength: 120 });
}

function cut(text: string): string {
  return text.length <= shownInput ? text : `${text.slice(0, shownInput)}… (${text.length} characters)`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Returns the bytes in use after a collection. */
function keptBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
