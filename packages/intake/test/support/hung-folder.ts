import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mounted folder whose server never answers: every call to it hangs. */
export interface HungFolder {
  readonly path: string;
  /** Ends the server: calls that hang fail with ENOTCONN. */
  release(): void;
  remove(): void;
}

/** @returns why it is not possible: it takes root and FUSE */
export function mountHungFolder(): HungFolder | string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-hung-'));
  let device: number;
  try {
    device = openSync('/dev/fuse', 'r+');
  } catch (error) {
    rmdirSync(path);
    return `no hung folder: ${String(error)}`;
  }
  let isReleased = false;
  const release = (): void => {
    if (!isReleased) closeSync(device);
    isReleased = true;
  };
  const remove = (): void => {
    release();
    spawnSync('umount', ['-l', path]);
    rmdirSync(path);
  };
  // The kernel's first request stays unread, and everything waits for its answer.
  const options = 'fd=3,rootmode=40755,user_id=0,group_id=0';
  const mounted = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'hung', path], {
    stdio: ['ignore', 'ignore', 'pipe', device],
    timeout: 5_000,
  });
  if (mounted.status === 0) return { path, release, remove };
  const why = `no hung folder: mount: ${String(mounted.stderr ?? mounted.error)}`.trim();
  release();
  rmdirSync(path);
  return why;
}
