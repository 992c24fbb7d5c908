import type { Side } from '@sluice/core';
import { closeQuietly } from '@sluice/platform';
import type { OpenFile, OpenHow, Storage } from '../storage/storage.ts';
import { Stopped } from '../waiting.ts';
import type { Calls } from './calls.ts';

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
