import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** @returns whether it was mounted */
type Mounted = Promise<boolean>;

/**
 * Mounts a new, empty filesystem over `path` and unmounts it after the work.
 *
 * @param what names the test in the line that reports it as skipped, which is printed where nothing can be mounted
 */
export function onTmpfs(path: string, what: string, work: () => Promise<void>): Mounted {
  return whileMounted(path, what, [['mount', '-t', 'tmpfs', 'sluice-test', path]], work);
}

/** The same with an ext4 whose folders do not say of what kind a name is, like those of some shares. */
export async function onDiskWithoutKinds(path: string, what: string, work: () => Promise<void>): Mounted {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kinds-'));
  const image = join(folder, 'image');
  const made = [
    ['truncate', '-s', '16M', image],
    ['mkfs.ext4', '-q', '-F', '-O', '^filetype,^metadata_csum', image],
    ['mount', '-o', 'loop', image, path],
  ] as const;
  try {
    return await whileMounted(path, what, made, work);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Command = readonly [program: string, ...args: string[]];

/** @param commands the last one mounts */
async function whileMounted(path: string, what: string, commands: readonly Command[], work: () => Promise<void>): Mounted {
  for (const [program, ...args] of commands) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    if (status === 0) continue;
    process.stdout.write(`\nskipped: ${what}: ${program}: ${error?.message ?? stderr.trim()}\n`);
    return false;
  }
  try {
    await work();
    return true;
  } finally {
    spawnSync('umount', ['-l', path]);
  }
}
