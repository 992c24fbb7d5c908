import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { FSWatcher } from 'chokidar';

/** Where the system reports by name what happens in a folder that is watched. */
const reportsNames = process.platform === 'linux';

/** What a watcher calls, with absolute paths. */
export interface WatcherEvents {
  /** Something happened to a file, or to a folder. */
  happened(path: string): void;
  /** A folder is watched from now on: what is in it was not reported. */
  folderCame(path: string): void;
  failed(error: unknown): void;
}

/**
 * Watches all folders of a tree.
 *
 * On Linux no file is watched by itself, and the metadata of none is read: chokidar does both, which for 100,000 files takes seconds,
 * 300 MB and as many of the system's watches. What happens to a file there is what the system reports of its folder.
 *
 * @param isIgnored of a folder, or of a file
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

/** chokidar goes through a tree folder by folder with this; what it does not see, it does not watch. */
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
