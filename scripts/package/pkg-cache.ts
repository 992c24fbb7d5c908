import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A binary that pkg would otherwise download. */
export interface Cached {
  readonly version: string;
  /** As Node's own archives are named: `linux-x64`. */
  readonly name: string;
  readonly path: string;
}

/**
 * Lays binaries out as pkg 6 lays out what it has downloaded and checked, below the home folder: it then asks no network.
 * Next to each lies an empty archive, and `.ok` files say that archive and binary are whole.
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
