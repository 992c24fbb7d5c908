import type { Side } from '@sluice/core/model';
import { type Awaitable, andThen, closeQuietly, errnoOf, orElse, wakingClock } from '@sluice/platform';
import type { CopyLimits } from './limits.ts';
import { CallFailure, type FileFacts, type OpenFile, type OpenHow, type Storage, toCallFault } from './storage/storage.ts';
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
  #controller = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  run<T>(side: Side, operation: string, call: () => Awaitable<T>, late?: (value: T) => void): Awaitable<T> {
    if (this.signal.aborted) throw new Stopped();
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
    // Without this reason, `abort` would capture a stack trace for each copy that ends.
    this.#controller.abort(stopped);
    for (const { free } of this.#outstanding.values()) free();
  }

  reopen(): void {
    this.#controller = new AbortController();
  }

  async settled(): Promise<void> {
    await Promise.all(Array.from(this.#outstanding.values(), ({ returned }) => returned));
  }
}

const stopped = new Stopped();

/**
 * Returns a storage whose calls all go through `calls`. It creates, renames and removes only while the agent can record it.
 *
 * @param mayAlter called before every call that creates, renames or removes; if false, the call throws `Stopped`
 */
export function watchedStorage(storage: Storage, side: Side, calls: Calls, mayAlter: () => boolean): Storage {
  const run = <T>(operation: string, call: () => Awaitable<T>): Awaitable<T> => calls.run(side, operation, call);
  const alter = <T>(operation: string, call: () => Awaitable<T>): Awaitable<T> => {
    if (!mayAlter()) throw new Stopped();
    return run(operation, call);
  };
  return {
    isOwnDisk: () => storage.isOwnDisk(),
    open: (path, how) => openWatched(storage, side, calls, mayAlter, path, how),
    stat: (path) => run(`look at ${path}`, () => storage.stat(path)),
    room: () => run('ask for room', () => storage.room()),
    makeFolder: (path, mode, mountId) => alter(`make folder ${path}`, () => storage.makeFolder(path, mode, mountId)),
    link: (from, to) => alter(`link ${to}`, () => storage.link(from, to)),
    rename: (from, to) => alter(`rename ${from} to ${to}`, () => storage.rename(from, to)),
    unlink: (path, hasOtherName) => alter(`remove ${path}`, () => storage.unlink(path, hasOtherName)),
    syncFolder: (path) => run(`sync folder ${path === '' ? '.' : path}`, () => storage.syncFolder(path)),
  };
}

function openWatched(storage: Storage, side: Side, calls: Calls, mayAlter: () => boolean, path: string, how: OpenHow): Awaitable<OpenFile> {
  const creates = typeof how === 'object';
  if (creates && !mayAlter()) throw new Stopped();
  const operation = `${creates ? 'create' : 'open'} ${path === '' ? '.' : path}`;
  const opening = calls.run(side, operation, () => storage.open(path, how), closeLate);
  return andThen(opening, (file) => new WatchedFile(file, side, calls, path));
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
    return this.#calls.signal.aborted ? this.#file.close() : this.#run('close', () => this.#file.close());
  }

  #run<T>(verb: string, call: () => Awaitable<T>): Awaitable<T> {
    return this.#calls.run(this.#side, `${verb} ${this.#path}`, call);
  }
}

/** Closes a file whose open succeeded after its caller had given up. Nothing was written to it, so an error is ignored. */
function closeLate(file: OpenFile): void {
  void closeQuietly(file);
}

/** Transient errors: the same call may succeed a moment later. Source: errno(3). EBUSY is also a sharing violation on Windows. */
export const passingErrors: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR', 'EBUSY']);

/** Further errors of removing or renaming a file that another program has open. Source: libuv's table of Windows' errors. */
const inUse: ReadonlySet<string> = new Set(['EPERM', 'EACCES']);
const nothingElse: ReadonlySet<string> = new Set();

/** The dependencies of a call that is retried. */
interface PatientDependencies {
  readonly clock: Clock;
  readonly calls: Calls;
  readonly limits: CopyLimits;
}

/**
 * Returns a storage that retries a call after one of `passingErrors`, a few times with growing pauses, so that one busy moment does not
 * fail a whole copy. On Windows another program, such as a virus scanner, may have a new file open, so a removal is retried then too. A
 * rename is not retried, because it replaces: the caller has to check again first (`renameWhile`).
 *
 * @param storage a watched storage, so that each try is a separate call and is checked against `mayAlter`
 */
export function patientStorage(storage: Storage, dependencies: PatientDependencies): Storage {
  const patiently: Patiently = (call, codes = nothingElse) => askAgain(dependencies, codes, call);
  return {
    isOwnDisk: () => storage.isOwnDisk(),
    open: (path, how) =>
      andThen(
        patiently(() => storage.open(path, how)),
        (file) => new PatientFile(file, patiently),
      ),
    stat: (path) => patiently(() => storage.stat(path)),
    room: () => patiently(() => storage.room()),
    makeFolder: (path, mode, mountId) => patiently(() => storage.makeFolder(path, mode, mountId)),
    link: (from, to) => patiently(() => storage.link(from, to)),
    rename: (from, to) => storage.rename(from, to),
    unlink: (path, hasOtherName) => patiently(() => storage.unlink(path, hasOtherName), inUse),
    syncFolder: (path) => patiently(() => storage.syncFolder(path)),
  };
}

type Patiently = <Answer>(call: () => Awaitable<Answer>, codes?: ReadonlySet<string>) => Awaitable<Answer>;

/** Makes one call with the retries of `patientStorage`. @throws the error of the last try */
export function patiently<Answer>(dependencies: PatientDependencies, call: () => Awaitable<Answer>): Awaitable<Answer> {
  return askAgain(dependencies, nothingElse, call);
}

class PatientFile implements OpenFile {
  readonly atOpen: FileFacts;
  readonly mountId: number | null;
  readonly isDirect: boolean;
  readonly isShortAtEndOnly: boolean;
  readonly #file: OpenFile;
  readonly #patiently: Patiently;

  constructor(file: OpenFile, patiently: Patiently) {
    this.atOpen = file.atOpen;
    this.mountId = file.mountId;
    this.isDirect = file.isDirect;
    this.isShortAtEndOnly = file.isShortAtEndOnly;
    this.#file = file;
    this.#patiently = patiently;
  }

  read(into: Uint8Array, atByte: number): Awaitable<number> {
    return this.#patiently(() => this.#file.read(into, atByte));
  }

  write(bytes: Uint8Array, atByte: number): Awaitable<number> {
    return this.#patiently(() => this.#file.write(bytes, atByte));
  }

  sync(what: 'data' | 'all'): Awaitable<void> {
    return this.#patiently(() => this.#file.sync(what));
  }

  truncate(sizeBytes: number): Awaitable<void> {
    return this.#patiently(() => this.#file.truncate(sizeBytes));
  }

  facts(): Awaitable<FileFacts> {
    return this.#patiently(() => this.#file.facts());
  }

  setTimes(mtimeNs: string): Awaitable<void> {
    return this.#patiently(() => this.#file.setTimes(mtimeNs));
  }

  setMode(mode: number): Awaitable<void> {
    return this.#patiently(() => this.#file.setMode(mode));
  }

  isEmpty(): Awaitable<boolean> {
    return this.#patiently(() => this.#file.isEmpty());
  }

  /** Is not retried, because a close that fails has closed the descriptor too. */
  close(): Awaitable<void> {
    return this.#file.close();
  }
}

/**
 * Renames a file over another one, with the retries of `patientStorage`. Calls `mayBeReplaced` before every try, because the program that
 * has the other file open may have written to it.
 *
 * @returns false if `mayBeReplaced` returned false, and nothing was renamed
 */
export async function renameWhile(
  dependencies: PatientDependencies & { readonly destination: Storage },
  from: string,
  to: string,
  mayBeReplaced: () => Promise<boolean>,
): Promise<boolean> {
  return await askAgain(dependencies, inUse, async (): Promise<boolean> => {
    if (!(await mayBeReplaced())) return false;
    await dependencies.destination.rename(from, to);
    return true;
  });
}

/** Makes a call again after a transient error. @param codes further errors that are retried, with fewer tries */
function askAgain<Answer>(
  dependencies: PatientDependencies,
  codes: ReadonlySet<string>,
  call: () => Awaitable<Answer>,
  tries = 0,
): Awaitable<Answer> {
  return orElse(call, async (error) => {
    const { clock, calls, limits } = dependencies;
    const code = errnoOf(error);
    const mostTries = passingErrors.has(code) ? limits.passingTries : codes.has(code) ? limits.inUseTries : 0;
    if (tries >= mostTries) throw error;
    await clock.wait(Math.min(limits.againPauseMs * 2 ** tries, limits.againPauseMaxMs), calls.signal);
    return await askAgain(dependencies, codes, call, tries + 1);
  });
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
