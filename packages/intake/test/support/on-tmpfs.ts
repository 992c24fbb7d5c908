import { spawnSync } from 'node:child_process';
import process from 'node:process';

/**
 * Mounts a new, empty filesystem over `path` and unmounts it after the work.
 *
 * @param what names the test in the line that reports it as skipped, which is printed where nothing can be mounted
 * @returns whether it was mounted
 */
export async function onTmpfs(path: string, what: string, work: () => Promise<void>): Promise<boolean> {
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', 'sluice-test', path], { encoding: 'utf8' });
  if (status !== 0) {
    process.stdout.write(`\nskipped: ${what}: mount: ${error?.message ?? stderr.trim()}\n`);
    return false;
  }
  try {
    await work();
    return true;
  } finally {
    spawnSync('umount', ['-l', path]);
  }
}
