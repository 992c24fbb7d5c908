import type { Side } from '@sluice/core/model';
import { type Awaitable, andThen, closeQuietly, errnoOf, orElse } from '@sluice/platform';
import type { CopyLimits } from './limits.ts';
import { CallFailure, type FileFacts, type OpenFile, type OpenHow, type Storage, toCallFault } from './storage/storage.ts';
import { type Clock, Stopped } from './waiting.ts';

/** A call that was made and has not returned. */
export interface OutstandingCall {
  readonly side: Side;
  readonly operation: string;
  /** On the clock of the carrier, which stands still while the process does. */
  readonly sinceAt: number;
}

/**
 * The one door through which a lane calls its storage: what is outstanding is known at any moment, a caller can be
 * freed from a call that never returns, and an errno becomes a fault.
 */
export interface Calls {
  /** Fires at `stop`. */
  readonly signal: AbortSignal;
  /**
   * A call that runs directly is never outstanding.
   *
   * @param late what to do with a result that nothing waits for any more.
   * @throws CallFailure for what the call failed with; Stopped when the lane was stopped first.
   */
  run<T>(side: Side, operation: string, call: () => Awaitable<T>, late?: (value: T) => void): Awaitable<T>;
  oldest(): OutstandingCall | null;
  /** Frees every caller. Calls under way go on where they are; their results are ignored. */
  stop(): void;
  /** After `stop`: new calls may be made, to clean up. */
  reopen(): void;
  /** Waits until every call under way has returned, however it was stopped. */
  settled(): Promise<void>;
}

/** Creates calls, none of which is under way. */
export function createCalls(clock: Clock): Calls {
  return new LaneCalls(clock);
}

/** A call under way: who waits for it, and that it has returned. */
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
    // With a reason: the default one costs a stack for each copy that ends.
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
 * A storage whose every call is known to `calls`, and whose names are touched only while the agent is there to record it.
 *
 * @param mayAlter asked before every call that creates, renames or removes.
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

  /** A stopped lane must not leave descriptors behind; nothing waits for this one. */
  close(): Awaitable<void> {
    return this.#calls.signal.aborted ? this.#file.close() : this.#run('close', () => this.#file.close());
  }

  #run<T>(verb: string, call: () => Awaitable<T>): Awaitable<T> {
    return this.#calls.run(this.#side, `${verb} ${this.#path}`, call);
  }
}

/** An open that was given up and succeeded after all: nothing was written through it, so nothing can be lost. */
function closeLate(file: OpenFile): void {
  void closeQuietly(file);
}

/** Errors that pass: the same call is answered otherwise a moment later. Source: errno(3); EBUSY is also Windows' sharing violation. */
export const passingErrors: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR', 'EBUSY']);

/** What else a file that another program has open answers to being removed or renamed. Source: libuv's table of Windows' errors. */
const inUse: ReadonlySet<string> = new Set(['EPERM', 'EACCES']);
const nothingElse: ReadonlySet<string> = new Set();

/** What a call that is made again works with. */
interface PatientDependencies {
  readonly clock: Clock;
  readonly calls: Calls;
  readonly limits: CopyLimits;
}

/**
 * A storage that waits out what passes: a call that is answered by one of `passingErrors` is made again, a few times, with growing
 * pauses. Without that one busy moment would fail a whole copy. What was just written may also be open in another program, as a
 * virus scanner has it on Windows: a removal waits for that too. A rename is not made again: it replaces, so the caller has to check
 * again first (`renameWhile`).
 *
 * @param storage watched: each time is a separate call, made only while the storage may be altered
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

/** One call with the same patience. */
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

  /** Not repeated: the descriptor is gone, even if the call fails. */
  close(): Awaitable<void> {
    return this.#file.close();
  }
}

/**
 * Gives a file its name over one that may be replaced, with the same patience. `mayBeReplaced` is asked before every try: somebody may
 * have written into it meanwhile, and may be the one that has it open.
 *
 * @returns whether it has the name
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

/** @param codes what else is waited for, and shorter */
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
