import type { Side } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import type { CopyLimits } from './limits.ts';
import { CallFailure, type OpenFile, type OpenHow, type Storage, toCallFault } from './storage/storage.ts';
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
   * @param late what to do with a result that nothing waits for any more.
   * @throws CallFailure for what the call rejected with; Stopped when the lane was stopped first.
   */
  run<T>(side: Side, operation: string, call: () => Promise<T>, late?: (value: T) => void): Promise<T>;
  oldest(): OutstandingCall | null;
  /** Frees every caller. Calls under way go on where they are; their results are ignored. */
  stop(): void;
  /** After `stop`: new calls may be made, to clean up. */
  reopen(): void;
  /** Waits until every call under way has returned, however it was stopped. */
  settled(): Promise<void>;
}

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

  run<T>(side: Side, operation: string, call: () => Promise<T>, late?: (value: T) => void): Promise<T> {
    if (this.signal.aborted) return Promise.reject(new Stopped());
    const entry: OutstandingCall = { side, operation, sinceAt: this.#clock.now() };
    return new Promise((resolve, reject) => {
      let isFree = false;
      const free = (): void => {
        isFree = true;
        reject(new Stopped());
      };
      const returned = invoke(call).then(
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

/** A storage that throws instead of rejecting is no different. */
async function invoke<T>(call: () => Promise<T>): Promise<T> {
  return await call();
}

/**
 * A storage whose every call is known to `calls`, and whose names are touched only while the agent is there to record it.
 *
 * @param mayAlter asked before every call that creates, renames or removes.
 */
export function watchedStorage(storage: Storage, side: Side, calls: Calls, mayAlter: () => boolean): Storage {
  const run = <T>(operation: string, call: () => Promise<T>): Promise<T> => calls.run(side, operation, call);
  const alter = <T>(operation: string, call: () => Promise<T>): Promise<T> =>
    mayAlter() ? run(operation, call) : Promise.reject(new Stopped());
  return {
    isOwnDisk: () => storage.isOwnDisk(),
    open: (path, how) => openWatched(storage, side, calls, mayAlter, path, how),
    stat: (path) => run(`look at ${path}`, () => storage.stat(path)),
    room: () => run('ask for room', () => storage.room()),
    makeFolder: (path, mode, mountId) => alter(`make folder ${path}`, () => storage.makeFolder(path, mode, mountId)),
    link: (from, to) => alter(`link ${to}`, () => storage.link(from, to)),
    rename: (from, to) => alter(`rename ${from} to ${to}`, () => storage.rename(from, to)),
    unlink: (path) => alter(`remove ${path}`, () => storage.unlink(path)),
    syncFolder: (path) => run(`sync folder ${path === '' ? '.' : path}`, () => storage.syncFolder(path)),
  };
}

async function openWatched(
  storage: Storage,
  side: Side,
  calls: Calls,
  mayAlter: () => boolean,
  path: string,
  how: OpenHow,
): Promise<OpenFile> {
  const creates = typeof how === 'object';
  if (creates && !mayAlter()) throw new Stopped();
  const operation = `${creates ? 'create' : 'open'} ${path === '' ? '.' : path}`;
  const file = await calls.run(side, operation, () => storage.open(path, how), closeLate);
  const run = <T>(verb: string, call: () => Promise<T>): Promise<T> => calls.run(side, `${verb} ${path}`, call);
  return {
    atOpen: file.atOpen,
    mountId: file.mountId,
    isDirect: file.isDirect,
    isShortAtEndOnly: file.isShortAtEndOnly,
    read: (into, atByte) => run('read', () => file.read(into, atByte)),
    write: (bytes, atByte) => run('write', () => file.write(bytes, atByte)),
    sync: (what) => run('sync', () => file.sync(what)),
    truncate: (sizeBytes) => run('truncate', () => file.truncate(sizeBytes)),
    facts: () => run('stat', () => file.facts()),
    setTimes: (mtimeNs) => run('set times of', () => file.setTimes(mtimeNs)),
    setMode: (mode) => run('set mode of', () => file.setMode(mode)),
    // A stopped lane must not leave descriptors behind; nothing waits for this one.
    close: () => (calls.signal.aborted ? file.close() : run('close', () => file.close())),
  };
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
 * @param storage watched: each time is a call of its own, made only while the storage may be altered
 */
export function patientStorage(storage: Storage, dependencies: PatientDependencies): Storage {
  const patiently: Patiently = (call, codes = nothingElse) => askAgain(dependencies, codes, call);
  return {
    isOwnDisk: () => storage.isOwnDisk(),
    open: async (path, how) => patientFile(await patiently(() => storage.open(path, how)), patiently),
    stat: (path) => patiently(() => storage.stat(path)),
    room: () => patiently(() => storage.room()),
    makeFolder: (path, mode, mountId) => patiently(() => storage.makeFolder(path, mode, mountId)),
    link: (from, to) => patiently(() => storage.link(from, to)),
    rename: (from, to) => storage.rename(from, to),
    unlink: (path) => patiently(() => storage.unlink(path), inUse),
    syncFolder: (path) => patiently(() => storage.syncFolder(path)),
  };
}

type Patiently = <Answer>(call: () => Promise<Answer>, codes?: ReadonlySet<string>) => Promise<Answer>;

/** One call with the same patience. */
export function patiently<Answer>(dependencies: PatientDependencies, call: () => Promise<Answer>): Promise<Answer> {
  return askAgain(dependencies, nothingElse, call);
}

/** A close is not made again: whatever it answers, the descriptor is gone. */
function patientFile(file: OpenFile, patiently: Patiently): OpenFile {
  return {
    atOpen: file.atOpen,
    mountId: file.mountId,
    isDirect: file.isDirect,
    isShortAtEndOnly: file.isShortAtEndOnly,
    read: (into, atByte) => patiently(() => file.read(into, atByte)),
    write: (bytes, atByte) => patiently(() => file.write(bytes, atByte)),
    sync: (what) => patiently(() => file.sync(what)),
    truncate: (sizeBytes) => patiently(() => file.truncate(sizeBytes)),
    facts: () => patiently(() => file.facts()),
    setTimes: (mtimeNs) => patiently(() => file.setTimes(mtimeNs)),
    setMode: (mode) => patiently(() => file.setMode(mode)),
    close: () => file.close(),
  };
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
  return await askAgain(dependencies, inUse, async () => {
    if (!(await mayBeReplaced())) return false;
    await dependencies.destination.rename(from, to);
    return true;
  });
}

/** @param codes what else is waited for, and shorter */
async function askAgain<Answer>(
  { clock, calls, limits }: PatientDependencies,
  codes: ReadonlySet<string>,
  call: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const code = errnoOf(error);
      const mostTries = passingErrors.has(code) ? limits.passingTries : codes.has(code) ? limits.inUseTries : 0;
      if (tries >= mostTries) throw error;
    }
    await clock.wait(Math.min(limits.againPauseMs * 2 ** tries, limits.againPauseMaxMs), calls.signal);
  }
}
