import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Time of the processor: others who use the machine do not count. */

/** Of this thread, milliseconds. */
export function threadMs(): number {
  // The kernel brings a running thread's figure up to date, which else is a tick old, only when the whole process is asked for.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Of another process and all of its threads, milliseconds, in steps of a clock tick (10 ms). Linux only. */
export function processMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

const tickMs = 10;

/** What another process holds in memory. Linux only. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kilobytes) * 1_024;
}

/** What another process has read from disks, without what the page cache had. Linux only. */
export function diskBytes(pid: number): number {
  const [, bytes] = /^read_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1')) ?? [];
  return Number(bytes);
}
