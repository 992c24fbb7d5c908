import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';

// Processor time, so that other users of the machine do not count.

/** Returns the processor time of this thread in milliseconds. */
export function threadMs(): number {
  // A query for the whole process makes the kernel update a running thread's figure, which may otherwise be a tick old.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/**
 * Returns the processor time of another process with all its threads, in milliseconds, in steps of a clock tick (10 ms). Linux
 * only.
 */
export function processMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

const tickMs = 10;

/** Returns the resident memory of another process, in bytes. Linux only. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kilobytes) * 1_024;
}

/**
 * Returns the memory of another process in bytes. A page that several processes share counts in part for each, so that the sum
 * over all of them is what the machine has given. 0 for a process that has ended. Linux only.
 */
export function proportionalBytes(pid: number): number {
  const path = `/proc/${pid}/smaps_rollup`;
  const [, kilobytes = 0] = /^Pss:\s+(\d+) kB/m.exec(existsSync(path) ? readFileSync(path, 'latin1') : '') ?? [];
  return Number(kilobytes) * 1_024;
}

/** Returns how much another process has read from disks, without what the page cache had. Linux only. */
export function diskBytes(pid: number): number {
  const [, bytes] = /^read_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1')) ?? [];
  return Number(bytes);
}
