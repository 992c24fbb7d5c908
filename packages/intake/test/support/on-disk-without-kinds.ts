import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Mounts a new, empty ext4 over `path` whose folders do not say of what kind a name is, like those of some shares, and unmounts it after
 * the work.
 *
 * @param what names the test in the line that reports it as skipped, which is printed where nothing can be mounted
 */
export async function onDiskWithoutKinds(path: string, what: string, work: () => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kinds-'));
  const image = join(folder, 'image');
  try {
    const why =
      failureOf('truncate', '-s', '16M', image) ??
      failureOf('mkfs.ext4', '-q', '-F', '-O', '^filetype,^metadata_csum', image) ??
      failureOf('mount', '-o', 'loop', image, path);
    if (why !== null) return void process.stdout.write(`\nskipped: ${what}: ${why}\n`);
    try {
      await work();
    } finally {
      spawnSync('umount', ['-l', path]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns why a program failed. Null: it did what it should */
function failureOf(program: string, ...args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? null : `${program}: ${error?.message ?? stderr.trim()}`;
}
