import type { Side } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import type { CopyLimits } from './limits.ts';
import { CallFailure, toCallFault } from './storage/failure.ts';
import type { OpenFile, OpenHow, Storage } from './storage/storage.ts';
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
  const outstanding = new Map<OutstandingCall, Promise<void>>();
  let controller = new AbortController();
  return {
    get signal() {
      return controller.signal;
    },
    run(side, operation, call, late) {
      const { signal } = controller;
      if (signal.aborted) return Promise.reject(new Stopped());
      const raw = invoke(call);
      const entry: OutstandingCall = { side, operation, sinceAt: clock.now() };
      const forget = (): void => void outstanding.delete(entry);
      outstanding.set(entry, raw.then(forget, forget));
      return untilStopped(raw, signal, late, (error) => new CallFailure(toCallFault(side, operation, error), error));
    },
    oldest: () => outstanding.keys().next().value ?? null,
    stop: () => controller.abort(),
    reopen: () => {
      controller = new AbortController();
    },
    settled: async () => void (await Promise.all(outstanding.values())),
  };
}

/** A storage that throws instead of rejecting is no different. */
async function invoke<T>(call: () => Promise<T>): Promise<T> {
  return await call();
}

function untilStopped<T>(
  raw: Promise<T>,
  signal: AbortSignal,
  late: ((value: T) => void) | undefined,
  toFailure: (error: unknown) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Stopped());
    signal.addEventListener('abort', onAbort, { once: true });
    raw.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        if (signal.aborted) late?.(value);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(toFailure(error));
      },
    );
  });
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
    mountId: file.mountId,
    isDirect: file.isDirect,
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

/** What a file that another program has open answers to being removed or renamed. Source: libuv's table of Windows' errors. */
const inUse = new Set(['EBUSY', 'EPERM', 'EACCES']);
/** A refused link is learned from: only what says "in use" is asked again. */
const linkInUse = new Set(['EBUSY']);

/** What a call that is made again works with. */
interface PatientDependencies {
  readonly clock: Clock;
  readonly calls: Calls;
  readonly limits: CopyLimits;
}

/**
 * A storage where what was just written may be open in another program for a moment, as a virus scanner has it on Windows: a
 * link or removal is asked for again, a few times. Without that a copy that is there already would be made once more. A rename is
 * not: it replaces, so the caller has to check again first (`renameWhile`).
 *
 * @param storage watched: each time is a call of its own, made only while the storage may be altered
 */
export function patientStorage(storage: Storage, dependencies: PatientDependencies): Storage {
  const patiently = (codes: ReadonlySet<string>, call: () => Promise<void>): Promise<void> => askAgain(dependencies, codes, call);
  return {
    ...storage,
    link: (from, to) => patiently(linkInUse, () => storage.link(from, to)),
    unlink: (path) => patiently(inUse, () => storage.unlink(path)),
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

async function askAgain<Answer>(
  { clock, calls, limits }: PatientDependencies,
  codes: ReadonlySet<string>,
  call: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= limits.inUseTries || !codes.has(errnoOf(error))) throw error;
    }
    await clock.wait(limits.inUsePauseMs * 2 ** tries, calls.signal);
  }
}
