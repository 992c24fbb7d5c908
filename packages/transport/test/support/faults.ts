import type { Awaitable } from '@sluice/platform';
import type { OpenFile, Storage } from '../../src/storage/storage.ts';

export function errno(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code });
}

type FileMethod = Exclude<keyof OpenFile, 'atOpen' | 'mountId' | 'isDirect' | 'isShortAtEndOnly'>;
type Verb = Exclude<keyof Storage, 'open' | 'isOwnDisk'> | FileMethod | 'open' | 'create' | 'open_direct';

/**
 * Returns a storage that calls `before` and `after` around every call.
 *
 * @param before may throw, wait or change files; the call continues when it returns.
 * @param after the same, when the call has been made and before its result is returned.
 */
export function interposed(
  storage: Storage,
  before: (verb: Verb, path: string) => Promise<void> | void,
  after: (verb: Verb, path: string) => Promise<void> | void = () => undefined,
): Storage {
  const around = async <R>(verb: Verb, path: string, call: () => Awaitable<R>): Promise<R> => {
    await before(verb, path);
    const result = await call();
    await after(verb, path);
    return result;
  };
  const file = (opened: OpenFile, path: string): OpenFile => {
    const wrap =
      <A extends unknown[], R>(verb: FileMethod, call: (...given: A) => Awaitable<R>) =>
      (...given: A): Promise<R> =>
        around(verb, path, () => call(...given));
    return {
      atOpen: opened.atOpen,
      mountId: opened.mountId,
      isDirect: opened.isDirect,
      isShortAtEndOnly: opened.isShortAtEndOnly,
      read: wrap('read', (into: Uint8Array, atByte: number) => opened.read(into, atByte)),
      write: wrap('write', (bytes: Uint8Array, atByte: number) => opened.write(bytes, atByte)),
      sync: wrap('sync', (what: 'data' | 'all') => opened.sync(what)),
      truncate: wrap('truncate', (sizeBytes: number) => opened.truncate(sizeBytes)),
      facts: wrap('facts', () => opened.facts()),
      setTimes: wrap('setTimes', (mtimeNs: string) => opened.setTimes(mtimeNs)),
      setMode: wrap('setMode', (mode: number) => opened.setMode(mode)),
      isEmpty: () => opened.isEmpty(),
      // A close that fails has closed the descriptor too.
      close: async () => {
        await Promise.all([opened.close(), before('close', path)]);
      },
    };
  };
  return {
    isOwnDisk: () => storage.isOwnDisk(),
    open: (path, how) => {
      const verb = typeof how === 'object' ? 'create' : how === 'read_direct' ? 'open_direct' : 'open';
      return around(verb, path, async () => file(await storage.open(path, how), path));
    },
    stat: (path) => around('stat', path, () => storage.stat(path)),
    room: () => around('room', '', () => storage.room()),
    makeFolder: (path, mode, mountId) => around('makeFolder', path, () => storage.makeFolder(path, mode, mountId)),
    link: (from, to) => around('link', to, () => storage.link(from, to)),
    rename: (from, to) => around('rename', to, () => storage.rename(from, to)),
    unlink: (path) => around('unlink', path, () => storage.unlink(path)),
    syncFolder: (path) => around('syncFolder', path, () => storage.syncFolder(path)),
  };
}

/** Returns the file with some of its calls replaced. */
export function withCalls(file: OpenFile, calls: Partial<OpenFile>): OpenFile {
  return {
    atOpen: file.atOpen,
    mountId: file.mountId,
    isDirect: file.isDirect,
    isShortAtEndOnly: file.isShortAtEndOnly,
    read: (into, atByte) => file.read(into, atByte),
    write: (bytes, atByte) => file.write(bytes, atByte),
    sync: (what) => file.sync(what),
    truncate: (sizeBytes) => file.truncate(sizeBytes),
    facts: () => file.facts(),
    setTimes: (mtimeNs) => file.setTimes(mtimeNs),
    setMode: (mode) => file.setMode(mode),
    isEmpty: () => file.isEmpty(),
    close: () => file.close(),
    ...calls,
  };
}

/** Returns the storage with some of its calls replaced. */
export function storageWith(storage: Storage, calls: Partial<Storage>): Storage {
  return {
    isOwnDisk: () => storage.isOwnDisk(),
    open: (path, how) => storage.open(path, how),
    stat: (path) => storage.stat(path),
    room: () => storage.room(),
    makeFolder: (path, mode, mountId) => storage.makeFolder(path, mode, mountId),
    link: (from, to) => storage.link(from, to),
    rename: (from, to) => storage.rename(from, to),
    unlink: (path, hasOtherName) => storage.unlink(path, hasOtherName),
    syncFolder: (path) => storage.syncFolder(path),
    ...calls,
  };
}

/** Makes every call of this kind fail with this code. */
export function failing(verb: Verb, code: string, times = Number.POSITIVE_INFINITY): (storage: Storage) => Storage {
  let left = times;
  return (storage) =>
    interposed(storage, (called) => {
      if (called !== verb || left <= 0) return;
      left -= 1;
      throw errno(code);
    });
}

/** A call that never returns. */
export const forever = (): Promise<never> => new Promise(() => undefined);
