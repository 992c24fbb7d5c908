import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { output, run } from './tool.ts';

/** The begin of the name of every folder, mount and namespace of a bed. The number of the process that made it follows. */
const bedName = 'sluice-bed-';

/** A mount in mountinfo, which can be read while the storage hangs. Format: proc_pid_mountinfo(5). */
interface MountSeen {
  readonly device: string;
  readonly path: string;
  readonly isFuse: boolean;
}

function mountsBelow(folder: string): readonly MountSeen[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  const mounts = lines.map((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device = '', , path = ''] = before.split(' ');
    return { device, path, isFuse: after.startsWith('fuse') };
  });
  return mounts.filter(({ path }) => path === folder || path.startsWith(`${folder}/`)).reverse();
}

/** @returns why storage cannot be mounted here, or null */
export function whyNoBed(programs: readonly string[]): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it takes root on Linux';
  const folders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];
  const missing = programs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/**
 * Creates a folder for one bed, after removing what crashed runs left behind.
 * @param under another parent folder, if the path has to be in a mount folder
 */
export async function bedFolder(under: string = tmpdir()): Promise<string> {
  for (const name of readdirSync(under)) {
    const owner = new RegExp(`^${bedName}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) await clearBed(join(under, name)).catch(isRemoved(join(under, name)));
  }
  return await mkdtemp(join(under, `${bedName}${process.pid}-`));
}

/** Ignores an error if another process has removed the folder meanwhile. */
function isRemoved(folder: string): (error: unknown) => void {
  return (error) => {
    if (existsSync(folder)) throw error;
  };
}

/**
 * Creates a folder of a bed in memory, so that a test does not wait for other programs that write to the disk.
 * @returns its path
 */
export async function memoryFolder(path: string): Promise<string> {
  await mkdir(path);
  await run('mount', ['-t', 'tmpfs', 'sluice-bed', path]);
  return path;
}

/** Ends the processes of a bed, frees the calls that hang in it, and removes it. Parts of it may be removed already. */
export async function clearBed(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) if (name.endsWith('.pid')) endByPidFile(join(folder, name));
  const namespaces = readdirSync(folder).filter((name) => name.endsWith('.namespace'));
  for (const name of namespaces) killAll(await pidsIn(basename(name, '.namespace')));
  for (const mount of mountsBelow(folder)) await unmount(mount);
  for (const name of namespaces) await quietly('ip', ['netns', 'delete', basename(name, '.namespace')]);
  await run('rm', ['-rf', '--one-file-system', folder]);
}

/** Ends a process only if it is still the same one, because numbers are reused. */
function endByPidFile(path: string): void {
  const [pid = '', command = ''] = readFileSync(path, 'utf8').trim().split(/\s+/);
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== command) return;
    process.kill(Number(pid), 'SIGCONT');
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Returns every process in a network namespace; none if there is no such namespace. */
export async function pidsIn(namespace: string): Promise<readonly number[]> {
  const said = await output('ip', ['netns', 'pids', namespace]).catch(() => '');
  return said
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

/** Kills these processes. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** Notes a process, so that it is ended with the bed. */
export async function writePidFile(folder: string, name: string, pid: number): Promise<void> {
  const command = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  writeFileSync(join(folder, `${name}.pid`), `${pid} ${command}\n`);
}

async function unmount({ path, device, isFuse }: MountSeen): Promise<void> {
  if (isFuse) await abortFuse(device);
  await quietly('umount', ['-l', path]);
}

/** Every call that hangs inside a FUSE mount ends with ECONNABORTED. @param device `major:minor` of its mountinfo line */
async function abortFuse(device: string): Promise<void> {
  const control = '/sys/fs/fuse/connections';
  const connection = join(control, device.split(':')[1] ?? '');
  if (!existsSync(connection)) await quietly('mount', ['-t', 'fusectl', 'fusectl', control]);
  if (existsSync(connection)) writeFileSync(join(connection, 'abort'), '1');
}

/** Frees every call that hangs in a mount, and leaves the mount dead: every later call fails. */
export async function abortMount(path: string): Promise<void> {
  for (const mount of mountsBelow(path)) if (mount.isFuse) await abortFuse(mount.device);
}

/** Returns whether something is mounted at exactly this path. */
export function isMounted(path: string): boolean {
  return mountsBelow(path).some((mount) => mount.path === path);
}

/** Runs a command that may have nothing left to undo. */
async function quietly(command: string, args: readonly string[]): Promise<void> {
  await run(command, args).catch(() => undefined);
}
