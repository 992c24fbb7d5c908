import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import platformPath, { type PlatformPath } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { FSWatcher } from 'chokidar';
import { limits } from './limits.ts';
import type { Rules } from './rules/rules.ts';

/** Reports soon after an event where something may have happened. */
export interface Watch {
  close(): void;
}

/** What a source's watch calls. */
export interface WatchListener {
  noticed(paths: readonly string[]): void;
  watchExhausted(code: string): void;
}

/**
 * Watches a local tree so that changes are found quickly. The listing decides.
 * @param onNoticed called with a few paths to check, or with null if there are too many: the next full listing finds them
 * @param onExhausted called once when the system has no watches left (ENOSPC or EMFILE): nothing is noticed afterwards, and the
 * source is only polled
 */
export function watchSource(
  root: string,
  rules: Rules,
  onNoticed: (paths: readonly string[] | null) => void,
  onExhausted: (code: string) => void,
): Watch {
  const noticed = new Set<string>();
  const newFolders = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const flush = async (): Promise<void> => {
    timer = null;
    const paths = [...noticed];
    const folders = [...newFolders];
    noticed.clear();
    newFolders.clear();
    for (const folder of folders) {
      if (paths.length > limits.noticedPaths) break;
      for (const path of await filesIn(root, folder)) paths.push(path);
    }
    if (watcher !== null) onNoticed(paths.length <= limits.noticedPaths ? paths.filter((path) => !isIgnored(path, rules)) : null);
  };
  const notice = (paths: Set<string>, path: string): void => {
    const under = pathUnder(root, path);
    if (under === '') return;
    if (paths.size <= limits.noticedPaths) paths.add(under);
    timer ??= setTimeout(() => void flush(), limits.coalesceMs);
  };
  let watcher: FSWatcher | null = watchFolders(root, (path) => isIgnored(pathUnder(root, path), rules), {
    happened: (path) => notice(noticed, path),
    folderCame: (path) => notice(newFolders, path),
    failed: (error) => {
      const code = errnoOf(error);
      if (watcher === null || (code !== 'ENOSPC' && code !== 'EMFILE')) return;
      close();
      onExhausted(code);
    },
  });

  function close(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const closing = watcher;
    watcher = null;
    if (closing !== null) void closeQuietly(closing);
  }
  return { close };
}

/** A new folder may have had files before it was watched. */
async function filesIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(platformPath.join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => `${folder}/${name}`);
}

/** The watch of one source. A change of root restarts it. After the system has run out of watches it stays stopped. */
export class SourceWatch {
  readonly #source: string;
  readonly #rules: Rules;
  readonly #listener: WatchListener;
  #watch: Watch | null = null;
  #exhausted: string | null = null;
  #isOver = false;

  constructor(source: string, rules: Rules, listener: WatchListener) {
    this.#source = source;
    this.#rules = rules;
    this.#listener = listener;
  }

  /** Returns whether more happened at once than was reported, since the last call. */
  takeOverflow(): boolean {
    const isOver = this.#isOver;
    this.#isOver = false;
    return isOver;
  }

  /** The code of the error after which nothing is watched, or null. */
  get exhausted(): string | null {
    return this.#exhausted;
  }

  stop(): void {
    this.#watch?.close();
    this.#watch = null;
  }

  restart(): void {
    this.stop();
    if (this.#exhausted !== null) return;
    this.#watch = watchSource(
      this.#source,
      this.#rules,
      (paths) => {
        if (paths === null) this.#isOver = true;
        else this.#listener.noticed(paths);
      },
      (code) => {
        this.#exhausted = code;
        this.#watch = null;
        this.#listener.watchExhausted(code);
      },
    );
  }
}

/** @returns the path relative to the root, `/` between the parts; empty for the root, and for a path outside it */
export function pathUnder(root: string, path: string, flavour: PlatformPath = platformPath): string {
  const under = flavour.relative(root, path);
  const isElsewhere = under === '..' || under.startsWith(`..${flavour.sep}`) || flavour.isAbsolute(under);
  return isElsewhere ? '' : under.split(flavour.sep).join('/');
}

/** For a folder or a file: chokidar asks before it knows which. */
function isIgnored(path: string, rules: Rules): boolean {
  if (path === '') return false;
  const left = rules.leftAlone({ path, kind: 'folder', sizeBytes: 0 });
  if (left?.rule !== 'dotfile') return left !== null;
  return rules.leftAlone({ path, kind: 'file', sizeBytes: 1 }) !== null;
}

/** Linux reports events in a watched folder with the names of the files. */
const reportsNames = process.platform === 'linux';

/** What a watcher calls, with absolute paths. */
interface WatcherEvents {
  /** Something happened to a file or a folder. */
  happened(path: string): void;
  /** A folder is watched from now on. Files that were in it before were not reported. */
  folderCame(path: string): void;
  failed(error: unknown): void;
}

/**
 * Watches all folders of a tree. On Linux no single file is watched, and no file's metadata is read. chokidar does both by
 * default, which for 100,000 files takes seconds, 300 MB and as many watches. Events of files are those that the system reports
 * for their folder.
 * @param isIgnored of a folder or a file
 */
function watchFolders(root: string, isIgnored: (path: string) => boolean, events: WatcherEvents): FSWatcher {
  const isFile = (stats: Stats | undefined): boolean => reportsNames && stats !== undefined && !stats.isDirectory();
  const watcher = new FSWatcher({
    persistent: true,
    ignoreInitial: true,
    followSymlinks: false,
    alwaysStat: false,
    ignored: (path, stats) => isFile(stats) || isIgnored(path),
  });
  if (reportsNames) {
    scanFoldersOnly(watcher);
    watcher.on('raw', (_event, name, about) => {
      const { watchedPath } = about as { readonly watchedPath: string };
      if (name !== null) events.happened(platformPath.join(watchedPath, name));
    });
  }
  watcher.on('all', (event, path) => {
    if (event === 'addDir') events.folderCame(path);
    else if (event !== 'unlinkDir') events.happened(path);
  });
  watcher.on('error', (error) => events.failed(error));
  watcher.add(root);
  return watcher;
}

type Scan = FSWatcher['createScanStream'];
type ScanStream = NonNullable<ReturnType<Scan>>;
type Filter = (entry: unknown) => boolean;

/** chokidar walks through a tree with this function, folder by folder, and watches only what it returns. */
function scanFoldersOnly(watcher: FSWatcher): void {
  const scan: Scan = (root, options) => {
    if (watcher.closed) return undefined;
    const filter = options?.directoryFilter;
    const stream = Readable.from(foldersIn(root, typeof filter === 'function' ? (filter as Filter) : () => true)) as ScanStream;
    watcher.streams.add(stream);
    stream.once('close', () => watcher.streams.delete(stream));
    return stream;
  };
  watcher.createScanStream = scan;
}

async function* foldersIn(root: string, isWanted: Filter): AsyncGenerator<unknown> {
  for (const name of await namesOfFolders(root)) {
    const fullPath = platformPath.join(root, name);
    const stats = await lstat(fullPath).catch(() => null);
    const entry = { path: name, fullPath, basename: name, stats };
    if (stats?.isDirectory() === true && isWanted(entry)) yield entry;
  }
}

/** Returns the names of folders, or all names where the filesystem does not say of what kind they are and Node cannot find out. */
async function namesOfFolders(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => null);
  return entries?.filter((entry) => entry.isDirectory()).map(({ name }) => name) ?? (await readdir(root));
}
