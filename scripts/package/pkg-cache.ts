import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A binary that pkg would otherwise download. */
export interface Cached {
  readonly version: string;
  /** The name as in Node's own archives: `linux-x64`. */
  readonly name: string;
  readonly path: string;
}

/**
 * Puts binaries where pkg 6 keeps its downloads, below the home folder, so that it needs no network. Next to each is an empty
 * archive, and `.ok` files say that archive and binary are complete.
 */
export function layPkgCache(home: string, binaries: readonly Cached[]): void {
  const folder = join(home, '.pkg-cache', 'sea');
  for (const { version, name, path } of binaries) {
    const base = join(folder, `node-v${version}-${name}`);
    const isWindows = name.startsWith('win-');
    const binary = isWindows ? `${base}.exe` : join(base, 'bin', 'node');
    mkdirSync(dirname(binary), { recursive: true });
    cpSync(path, binary);
    const archive = `${base}.${isWindows ? 'zip' : 'tar.gz'}`;
    for (const empty of [`${binary}.ok`, archive, `${archive}.ok`]) writeFileSync(empty, '');
  }
}
