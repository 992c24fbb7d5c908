import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { FSWatcher } from 'chokidar';

/** Linux reports events in a watched folder with the names of the files. */
const reportsNames = process.platform === 'linux';

/** What a watcher calls, with absolute paths. */
export interface WatcherEvents {
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
export function watchFolders(root: string, isIgnored: (path: string) => boolean, events: WatcherEvents): FSWatcher {
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
      if (name !== null) events.happened(join(watchedPath, name));
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
  for (const { name } of (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const fullPath = join(root, name);
    const stats = await lstat(fullPath).catch(() => null);
    const entry = { path: name, fullPath, basename: name, stats };
    if (stats !== null && isWanted(entry)) yield entry;
  }
}
