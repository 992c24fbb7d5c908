import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** @throws if a program for comparison is not installed */
export function assertPeers(names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length > 0) throw new Error(`the benchmark compares with ${missing.join(', ')}: apt-get install rsync xxhash findutils`);
}

function isInstalled(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

/**
 * Copies a folder with rclone, eight files at a time. rclone compares MD5 sums after each copy, reads them from the page cache, and
 * syncs nothing.
 * @returns milliseconds; null: rclone is not installed
 */
export function rclone(source: string, destination: string): number | null {
  return isInstalled('rclone') ? timed('rclone', ['copy', '--transfers', '8', '--config', '', source, destination]) : null;
}

/** Runs a command to its end. @returns milliseconds */
export function timed(command: string, args: readonly string[], cwd?: string): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.toString().slice(0, 300)}`);
  return ms;
}

/** Runs the bare loop in this many threads. @returns milliseconds */
export async function bareLoop(source: string, destination: string, names: readonly string[], threads: number): Promise<number> {
  const began = performance.now();
  const size = Math.ceil(names.length / threads);
  const workers = Array.from({ length: threads }, (_, index) => {
    const part = names.slice(index * size, (index + 1) * size);
    return new Worker(join(import.meta.dirname, 'loop-main.ts'), { workerData: { source, destination, names: part } });
  });
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  return performance.now() - began;
}

/** Writes everything to the disk and drops it from memory, so that the next read comes from the disk. Needs root. */
export function dropCaches(): void {
  spawnSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
}

/** The bit of the virtio balloon with which a virtual machine tells its host which memory is free (VIRTIO_BALLOON_F_REPORTING). */
const reportsFreeMemory = 5;
/** Linux tells it every two seconds, a sixteenth of what is free each time. */
const givenBackWithinMs = 30_000;

/**
 * Drops the caches before a program is measured, and waits until a virtual machine has given the memory that became free back to its
 * host. Who uses that memory again waits for the host, which takes several times as long as the use. Without the wait a program that
 * starts at once would look faster than one that looks around for two seconds first.
 */
export async function freshStart(): Promise<void> {
  dropCaches();
  const isReporting = globSync('/sys/bus/virtio/drivers/virtio_balloon/virtio*/features').some(
    (path) => readFileSync(path, 'utf8')[reportsFreeMemory] === '1',
  );
  if (isReporting) await sleep(givenBackWithinMs);
}
