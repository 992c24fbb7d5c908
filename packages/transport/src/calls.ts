import type { Side } from '@sluice/core/model';
import { type Awaitable, andThen, closeQuietly, wakingClock } from '@sluice/platform';
import { CallFailure, type FileFacts, type OpenFile, type OpenHow, type Room, type Storage, toCallFault } from './storage/storage.ts';
import { type Clock, Stopped } from './waiting.ts';

/** A call that has not returned yet. */
export interface OutstandingCall {
  readonly side: Side;
  readonly operation: string;
  /** When it began, milliseconds on the carrier's clock, which stands still while the process is paused. */
  readonly sinceAt: number;
}

/**
 * Makes and tracks the storage calls of one lane. It knows which calls are outstanding, can free a caller from a call that never returns,
 * and turns errors into `CallFailure`s.
 */
export interface Calls {
  /** Whether `stop` was called, and `reopen` not since then. */
  readonly isStopped: boolean;
  /** Fires when `stop` is called. */
  readonly signal: AbortSignal;
  /**
   * Makes a call. One that returns without a promise is never outstanding.
   *
   * @param late called with the result if the lane was stopped before the call returned
   * @throws CallFailure if the call fails; Stopped if the lane is stopped first
   */
  run<T>(side: Side, operation: string, call: () => Awaitable<T>, late?: (value: T) => void): Awaitable<T>;
  oldest(): OutstandingCall | null;
  /** Frees every caller with `Stopped`. The calls themselves continue, and their results are ignored. */
  stop(): void;
  /** Allows new calls after `stop`, to clean up. */
  reopen(): void;
  /** Resolves when every call under way has returned, stopped ones too. */
  settled(): Promise<void>;
}

/** Creates the calls of a lane, with none outstanding. */
export function createCalls(clock: Clock): Calls {
  return new LaneCalls(clock);
}

/** A call under way. `returned` resolves when it returns; `free` rejects its caller's promise with `Stopped`. */
interface UnderWay {
  readonly returned: Promise<void>;
  free(): void;
}

class LaneCalls implements Calls {
  readonly #clock: Clock;
  readonly #outstanding = new Map<OutstandingCall, UnderWay>();
  #isStopped = false;
  /** Created when somebody first asks for the signal: most copies of small files never wait for anything else than a call. */
  #controller: AbortController | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    // Without this reason, `abort` would capture a stack trace for each copy that ends.
    if (this.#isStopped) this.#controller.abort(stopped);
    return this.#controller.signal;
  }

  run<T>(side: Side, operation: string, call: () => Awaitable<T>, late?: (value: T) => void): Awaitable<T> {
    if (this.#isStopped) throw new Stopped();
    let answer: Awaitable<T>;
    try {
      answer = call();
    } catch (error) {
      throw new CallFailure(toCallFault(side, operation, error), error);
    }
    return answer instanceof Promise ? this.#outlast(answer, { side, operation, sinceAt: this.#clock.now() }, late) : answer;
  }

  #outlast<T>(answer: Promise<T>, entry: OutstandingCall, late?: (value: T) => void): Promise<T> {
    const { side, operation } = entry;
    return new Promise((resolve, reject) => {
      let isFree = false;
      const free = (): void => {
        isFree = true;
        reject(new Stopped());
      };
      const returned = answer.then(
        (value) => {
          this.#outstanding.delete(entry);
          if (isFree) late?.(value);
          else resolve(value);
        },
        (error: unknown) => {
          this.#outstanding.delete(entry);
          reject(new CallFailure(toCallFault(side, operation, error), error));
        },
      );
      this.#outstanding.set(entry, { returned, free });
    });
  }

  oldest(): OutstandingCall | null {
    return this.#outstanding.keys().next().value ?? null;
  }

  stop(): void {
    this.#isStopped = true;
    this.#controller?.abort(stopped);
    for (const { free } of this.#outstanding.values()) free();
  }

  reopen(): void {
    this.#isStopped = false;
    this.#controller = null;
  }

  async settled(): Promise<void> {
    if (this.#outstanding.size > 0) await Promise.all(Array.from(this.#outstanding.values(), ({ returned }) => returned));
  }
}

const stopped = new Stopped();

/**
 * Returns a storage whose calls all go through `calls`. It creates, renames and removes only while the agent can record it.
 *
 * @param mayAlter called before every call that creates, renames or removes; if false, the call throws `Stopped`
 */
export function watchedStorage(storage: Storage, side: Side, calls: Calls, mayAlter: () => boolean): Storage {
  return new WatchedStorage(storage, side, calls, mayAlter);
}

class WatchedStorage implements Storage {
  readonly #storage: Storage;
  readonly #side: Side;
  readonly #calls: Calls;
  readonly #mayAlter: () => boolean;

  constructor(storage: Storage, side: Side, calls: Calls, mayAlter: () => boolean) {
    this.#storage = storage;
    this.#side = side;
    this.#calls = calls;
    this.#mayAlter = mayAlter;
  }

  isOwnDisk(): boolean {
    return this.#storage.isOwnDisk();
  }

  open(path: string, how: OpenHow): Awaitable<OpenFile> {
    const creates = typeof how === 'object';
    if (creates) this.#assertMayAlter();
    const operation = `${creates ? 'create' : 'open'} ${path === '' ? '.' : path}`;
    const opening = this.#calls.run(this.#side, operation, () => this.#storage.open(path, how), closeLate);
    return andThen(opening, (file) => new WatchedFile(file, this.#side, this.#calls, path));
  }

  stat(path: string): Awaitable<FileFacts | null> {
    return this.#run(`look at ${path}`, () => this.#storage.stat(path));
  }

  room(): Awaitable<Room> {
    return this.#run('ask for room', () => this.#storage.room());
  }

  makeFolder(path: string, mode: number, mountId: number | null): Awaitable<void> {
    return this.#alter(`make folder ${path}`, () => this.#storage.makeFolder(path, mode, mountId));
  }

  link(from: string, to: string): Awaitable<void> {
    return this.#alter(`link ${to}`, () => this.#storage.link(from, to));
  }

  rename(from: string, to: string): Awaitable<void> {
    return this.#alter(`rename ${from} to ${to}`, () => this.#storage.rename(from, to));
  }

  unlink(path: string, hasOtherName?: boolean): Awaitable<void> {
    return this.#alter(`remove ${path}`, () => this.#storage.unlink(path, hasOtherName));
  }

  syncFolder(path: string): Awaitable<void> {
    return this.#run(`sync folder ${path === '' ? '.' : path}`, () => this.#storage.syncFolder(path));
  }

  #alter<T>(operation: string, call: () => Awaitable<T>): Awaitable<T> {
    this.#assertMayAlter();
    return this.#run(operation, call);
  }

  #run<T>(operation: string, call: () => Awaitable<T>): Awaitable<T> {
    return this.#calls.run(this.#side, operation, call);
  }

  #assertMayAlter(): void {
    if (!this.#mayAlter()) throw new Stopped();
  }
}

class WatchedFile implements OpenFile {
  readonly atOpen: FileFacts;
  readonly mountId: number | null;
  readonly isDirect: boolean;
  readonly isShortAtEndOnly: boolean;
  readonly #file: OpenFile;
  readonly #side: Side;
  readonly #calls: Calls;
  readonly #path: string;

  constructor(file: OpenFile, side: Side, calls: Calls, path: string) {
    this.atOpen = file.atOpen;
    this.mountId = file.mountId;
    this.isDirect = file.isDirect;
    this.isShortAtEndOnly = file.isShortAtEndOnly;
    this.#file = file;
    this.#side = side;
    this.#calls = calls;
    this.#path = path;
  }

  read(into: Uint8Array, atByte: number): Awaitable<number> {
    return this.#run('read', () => this.#file.read(into, atByte));
  }

  write(bytes: Uint8Array, atByte: number): Awaitable<number> {
    return this.#run('write', () => this.#file.write(bytes, atByte));
  }

  sync(what: 'data' | 'all'): Awaitable<void> {
    return this.#run('sync', () => this.#file.sync(what));
  }

  truncate(sizeBytes: number): Awaitable<void> {
    return this.#run('truncate', () => this.#file.truncate(sizeBytes));
  }

  facts(): Awaitable<FileFacts> {
    return this.#run('stat', () => this.#file.facts());
  }

  setTimes(mtimeNs: string): Awaitable<void> {
    return this.#run('set times of', () => this.#file.setTimes(mtimeNs));
  }

  setMode(mode: number): Awaitable<void> {
    return this.#run('set mode of', () => this.#file.setMode(mode));
  }

  isEmpty(): Awaitable<boolean> {
    return this.#run('list', () => this.#file.isEmpty());
  }

  /** Closes the file. Also works after the lane was stopped, so that no descriptor stays open. */
  close(): Awaitable<void> {
    return this.#calls.isStopped ? this.#file.close() : this.#run('close', () => this.#file.close());
  }

  #run<T>(verb: string, call: () => Awaitable<T>): Awaitable<T> {
    return this.#calls.run(this.#side, `${verb} ${this.#path}`, call);
  }
}

/** Closes a file whose open succeeded after its caller had given up. Nothing was written to it, so an error is ignored. */
function closeLate(file: OpenFile): void {
  void closeQuietly(file);
}

/** The clock of the system. */
export const realClock: Clock = {
  now: () => wakingClock.now(),
  wait: (forMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new Stopped());
      const onAbort = (): void => {
        callOff();
        reject(new Stopped());
      };
      const callOff = wakingClock.after(forMs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    }),
};
