import type { OpenFile, Storage } from '../../src/destination.ts';

export function errno(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code });
}

type FileMethod = Exclude<keyof OpenFile, 'mountId' | 'isDirect'>;
type Verb = Exclude<keyof Storage, 'open'> | FileMethod | 'open' | 'create' | 'open_direct';

/**
 * A storage that asks before every call.
 *
 * @param before may throw, wait or alter the world; the call goes on when it returns.
 */
export function interposed(storage: Storage, before: (verb: Verb, path: string) => Promise<void> | void): Storage {
  const file = (opened: OpenFile, path: string): OpenFile => {
    const wrap = <A extends unknown[], R>(verb: FileMethod, call: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        await before(verb, path);
        return await call(...given);
      };
    return {
      mountId: opened.mountId,
      isDirect: opened.isDirect,
      read: wrap('read', opened.read),
      write: wrap('write', opened.write),
      sync: wrap('sync', opened.sync),
      truncate: wrap('truncate', opened.truncate),
      facts: wrap('facts', opened.facts),
      setTimes: wrap('setTimes', opened.setTimes),
      setMode: wrap('setMode', opened.setMode),
      // However it fails, the descriptor is gone.
      close: async () => {
        await Promise.all([opened.close(), before('close', path)]);
      },
    };
  };
  return {
    open: async (path, how) => {
      await before(typeof how === 'object' ? 'create' : how === 'read_direct' ? 'open_direct' : 'open', path);
      return file(await storage.open(path, how), path);
    },
    look: async (path) => (await before('look', path), await storage.look(path)),
    room: async () => (await before('room', ''), await storage.room()),
    makeFolder: async (path, mode) => (await before('makeFolder', path), await storage.makeFolder(path, mode)),
    link: async (from, to) => (await before('link', to), await storage.link(from, to)),
    rename: async (from, to) => (await before('rename', to), await storage.rename(from, to)),
    unlink: async (path) => (await before('unlink', path), await storage.unlink(path)),
    syncFolder: async (path) => (await before('syncFolder', path), await storage.syncFolder(path)),
  };
}

/** Every call of this kind fails so. */
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
