import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ChildChannel, runChild } from '@sluice/child';
import type { RemovalReport } from '@sluice/core/model';
import { errnoOf, resolveUnder, watchOwnDisk } from '@sluice/platform';
import { type Calls, createCalls, realClock, watchedStorage } from '../calls.ts';
import { mountedFolder, syncFolder } from '../mounted/folder.ts';
import { type Between, between } from '../mounted/two-folders.ts';
import { ContentReader } from '../reading/content.ts';
import { CallFailure, type Storage } from '../storage/storage.ts';
import { folderIdentity, OtherFolders } from './folders.ts';
import { removingLimits } from './limits.ts';
import type { RemoverCommand, RemoverInit, RemoverMessage } from './messages.ts';
import { checkRemovable } from './rights.ts';
import { type Archive, type RemovalDependencies, removalStep } from './steps.ts';
import { systemWriters } from './writers.ts';

/** Runs this process as a remover, which removes files of one source until its channel closes. */
export function runRemover(): void {
  runChild<RemoverInit, RemoverCommand, RemoverMessage>(({ route }, channel) => {
    const calls = createCalls(realClock);
    const remover = new Remover(
      channel,
      removalDependencies(route.source, calls, () => channel.isOpen()),
    );
    channel.setActivity(() => {
      const oldest = calls.oldest();
      return oldest === null ? null : { operation: oldest.operation, side: 'source', sinceMs: realClock.now() - oldest.sinceAt };
    });
    channel.onMessage((command) => remover.enqueue(command));
  });
}

type Channel = Pick<ChildChannel<RemoverCommand, RemoverMessage>, 'send' | 'isOpen'>;

/** Carries out orders, several at the same time. The agent never has two orders for one file under way. */
export class Remover {
  readonly #channel: Channel;
  readonly #dependencies: RemovalDependencies;
  readonly #waiting: RemoverCommand[] = [];
  #running = 0;

  constructor(channel: Channel, dependencies: RemovalDependencies) {
    this.#channel = channel;
    this.#dependencies = dependencies;
  }

  enqueue(command: RemoverCommand): void {
    this.#waiting.push(command);
    this.#next();
  }

  #next(): void {
    const command = this.#running < removingLimits.ordersAtOnce ? this.#waiting.shift() : undefined;
    if (command === undefined) return;
    this.#running += 1;
    const carriedOut = this.#carryOut(command).finally(() => {
      this.#running -= 1;
      this.#next();
    });
    carriedOut.catch((error: unknown) => {
      // If the channel has closed, the process is ending. Any other failure is a programming error.
      if (this.#channel.isOpen()) throw error;
    });
  }

  async #carryOut(command: RemoverCommand): Promise<void> {
    const { route, fileId, removalId } = command.order;
    const report = await reportOf(this.#dependencies, command);
    await this.#channel.send({ kind: 'removal_reported', route, fileId, removalId, report });
  }
}

async function reportOf(dependencies: RemovalDependencies, { order, otherSources }: RemoverCommand): Promise<RemovalReport> {
  try {
    return await removalStep(dependencies, order, otherSources);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'UNKNOWN') throw error;
    const operation = error instanceof CallFailure ? error.fault.operation : `${order.step} ${order.source}`;
    return { kind: 'failed', code, operation };
  }
}

/**
 * Returns the access to the folders that a remover uses. @param mayAlter called before every call that creates, renames or
 * removes
 */
export function removalDependencies(root: string, calls: Calls, mayAlter: () => boolean): RemovalDependencies {
  const isOwnDisk = watchOwnDisk(root);
  const watched = (storage: Storage): Storage => watchedStorage(storage, 'source', calls, mayAlter);
  const source = watched(mountedFolder(root, isOwnDisk, 'source'));
  const archives = new Map<string, Archive>();
  const others = new OtherFolders();
  let reader: Promise<ContentReader> | null = null;
  /** Only one file is read at a time. */
  let reading: Promise<unknown> = Promise.resolve();
  return {
    source,
    root,
    roots: new Map(),
    folderNow: async (path) =>
      await calls.run('source', `look at ${path === '' ? '.' : path}`, () => folderIdentity(resolveUnder(root, path))),
    folderAt: (path) => others.at(path),
    writable: async (path) => await calls.run('source', `check the rights of ${path}`, () => access(path, constants.W_OK)),
    removable: async (path) => await calls.run('source', `check the rights of ${path}`, () => checkRemovable(path)),
    writers: systemWriters(),
    inSource: { from: source, to: source, between: watchedBetween(between(root, root, isOwnDisk), calls, mayAlter) },
    async archiveIn(folder) {
      const known = archives.get(folder);
      if (known !== undefined) return known;
      await calls.run('source', `make folder ${folder}`, () => makeRoot(folder));
      // An earlier process may have ended before it had done this.
      await calls.run('source', `sync folder ${dirname(folder)}`, () => syncFolder(dirname(folder)));
      const to = watched(mountedFolder(folder, isOwnDisk, 'source'));
      const moves = watchedBetween(between(root, folder, isOwnDisk), calls, mayAlter);
      const sides = { from: source, to, between: moves, durable: new Set<string>() };
      archives.set(folder, sides);
      return sides;
    },
    async readHash(path, sizeBytes) {
      reader ??= ContentReader.load();
      const content = await reader;
      const question = { storage: source, side: 'source', name: path, sizeBytes, mount: null, onRead: () => undefined } as const;
      const read = reading.then(() => content.read(question));
      reading = read.catch(() => undefined);
      return (await read).hash?.value ?? null;
    },
  };
}

/** Creates the folder of an archive, but no folder above it. So no folders are created in place of a disk that is not mounted. */
async function makeRoot(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

function watchedBetween(plain: Between, calls: Calls, mayAlter: () => boolean): Between {
  const alter = async (operation: string, call: () => unknown): Promise<void> => {
    if (!mayAlter()) throw new Error('the agent has ended');
    await calls.run('source', operation, async () => void (await call()));
  };
  return {
    link: (from, to) => alter(`link ${from} to ${to}`, () => plain.link(from, to)),
    rename: (from, to) => alter(`rename ${from} to ${to}`, () => plain.rename(from, to)),
    removeFolder: (path) => alter(`remove folder ${path}`, () => plain.removeFolder(path)),
  };
}
