import { type Awaitable, andThen, errnoOf } from '@sluice/platform';
import type { Calls } from './calls.ts';
import type { CopyLimits } from './limits.ts';
import type { FileFacts, OpenFile, OpenHow, Room, Storage } from './storage/storage.ts';
import type { Clock } from './waiting.ts';

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
  return new PatientStorage(storage, dependencies);
}

class PatientStorage implements Storage {
  readonly #storage: Storage;
  readonly #dependencies: PatientDependencies;

  constructor(storage: Storage, dependencies: PatientDependencies) {
    this.#storage = storage;
    this.#dependencies = dependencies;
  }

  isOwnDisk(): boolean {
    return this.#storage.isOwnDisk();
  }

  open(path: string, how: OpenHow): Awaitable<OpenFile> {
    const opening = patiently(this.#dependencies, () => this.#storage.open(path, how));
    return andThen(opening, (file) => new PatientFile(file, this.#dependencies));
  }

  stat(path: string): Awaitable<FileFacts | null> {
    return patiently(this.#dependencies, () => this.#storage.stat(path));
  }

  room(): Awaitable<Room> {
    return patiently(this.#dependencies, () => this.#storage.room());
  }

  makeFolder(path: string, mode: number, mountId: number | null): Awaitable<void> {
    return patiently(this.#dependencies, () => this.#storage.makeFolder(path, mode, mountId));
  }

  link(from: string, to: string): Awaitable<void> {
    return patiently(this.#dependencies, () => this.#storage.link(from, to));
  }

  rename(from: string, to: string): Awaitable<void> {
    return this.#storage.rename(from, to);
  }

  unlink(path: string, hasOtherName?: boolean): Awaitable<void> {
    return askAgain(this.#dependencies, inUse, () => this.#storage.unlink(path, hasOtherName));
  }

  syncFolder(path: string): Awaitable<void> {
    return patiently(this.#dependencies, () => this.#storage.syncFolder(path));
  }
}

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
  readonly #dependencies: PatientDependencies;

  constructor(file: OpenFile, dependencies: PatientDependencies) {
    this.atOpen = file.atOpen;
    this.mountId = file.mountId;
    this.isDirect = file.isDirect;
    this.isShortAtEndOnly = file.isShortAtEndOnly;
    this.#file = file;
    this.#dependencies = dependencies;
  }

  read(into: Uint8Array, atByte: number): Awaitable<number> {
    return patiently(this.#dependencies, () => this.#file.read(into, atByte));
  }

  write(bytes: Uint8Array, atByte: number): Awaitable<number> {
    return patiently(this.#dependencies, () => this.#file.write(bytes, atByte));
  }

  sync(what: 'data' | 'all'): Awaitable<void> {
    return patiently(this.#dependencies, () => this.#file.sync(what));
  }

  truncate(sizeBytes: number): Awaitable<void> {
    return patiently(this.#dependencies, () => this.#file.truncate(sizeBytes));
  }

  facts(): Awaitable<FileFacts> {
    return patiently(this.#dependencies, () => this.#file.facts());
  }

  setTimes(mtimeNs: string): Awaitable<void> {
    return patiently(this.#dependencies, () => this.#file.setTimes(mtimeNs));
  }

  setMode(mode: number): Awaitable<void> {
    return patiently(this.#dependencies, () => this.#file.setMode(mode));
  }

  isEmpty(): Awaitable<boolean> {
    return patiently(this.#dependencies, () => this.#file.isEmpty());
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
  let answer: Awaitable<Answer>;
  try {
    answer = call();
  } catch (error) {
    return afterPause(dependencies, codes, call, tries, error);
  }
  return answer instanceof Promise ? answer.catch((error: unknown) => afterPause(dependencies, codes, call, tries, error)) : answer;
}

async function afterPause<Answer>(
  dependencies: PatientDependencies,
  codes: ReadonlySet<string>,
  call: () => Awaitable<Answer>,
  tries: number,
  error: unknown,
): Promise<Answer> {
  const { clock, calls, limits } = dependencies;
  const code = errnoOf(error);
  const mostTries = passingErrors.has(code) ? limits.passingTries : codes.has(code) ? limits.inUseTries : 0;
  if (tries >= mostTries) throw error;
  await clock.wait(Math.min(limits.againPauseMs * 2 ** tries, limits.againPauseMaxMs), calls.signal);
  return await askAgain(dependencies, codes, call, tries + 1);
}
