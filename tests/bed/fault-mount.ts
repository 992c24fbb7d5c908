import { type ChildProcess, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { abortMount, bedFolder, clearBed, isMounted, memoryFolder, whyNoBed, writePidFile } from './bed-folder.ts';
import { output, run } from './tool.ts';
import { until } from './wait.ts';

/** The calls as the filesystem gets them. `*` stands for every call. */
export type FaultyCall =
  | '*'
  | 'getattr'
  | 'opendir'
  | 'readdir'
  | 'open'
  | 'create'
  | 'read'
  | 'write'
  | 'fsync'
  | 'flush'
  | 'statfs'
  | 'mkdir'
  | 'unlink'
  | 'link'
  | 'rename'
  | 'chmod'
  | 'utimens';

/** A sync that sent bytes over a slow link. */
export interface LinkSync {
  /** Milliseconds of a monotonic clock. */
  readonly beganAt: number;
  readonly tookMs: number;
  readonly bytes: number;
  /** The bytes and files that waited to be sent when it began, including its own. */
  readonly waitingBytes: number;
  readonly waitingFiles: number;
}

/** A folder behind FUSE whose calls fail, are slow or never return. */
export interface FaultMount {
  /** The path for the program. A test must not touch it while it hangs. */
  readonly path: string;
  /** The real content, in memory. It always answers. */
  readonly backing: string;
  /** Makes calls fail. @param within only for paths that contain this; without it for all */
  fail(
    call: FaultyCall,
    code: 'EIO' | 'EROFS' | 'EACCES' | 'EPERM' | 'ENOSPC' | 'ESTALE' | 'EDQUOT' | 'EINVAL',
    within?: string,
  ): Promise<void>;
  /** Makes links succeed, but answers them with this error. */
  failLinkLate(code: 'EIO', within?: string): Promise<void>;
  delay(call: FaultyCall, ms: number, within?: string): Promise<void>;
  hang(call: FaultyCall, within?: string): Promise<void>;
  /** Removes all faults. Calls that hang continue normally. */
  heal(): Promise<void>;
  /** Returns how many calls hang now. */
  hanging(): Promise<number>;
  /** Disables the page cache for files that are opened from now on, so that every read reaches the filesystem. */
  uncached(): Promise<void>;
  /** Returns how many bytes were read of its files since it was mounted. */
  readBytes(): Promise<number>;
  /**
   * Puts the files behind a simulated link, on which every call takes `latencyMs`. As with a network share, attributes are cached
   * on this side, and written bytes wait here until the file is synced or closed.
   */
  link(link: { readonly bytesPerSecond: number; readonly latencyMs: number }): Promise<void>;
  /** Returns the syncs that used the link, in the order of their ends. */
  syncs(): readonly LinkSync[];
  /** Kills the server: the mount stays, and every call to it fails with ENOTCONN. */
  kill(): void;
  unmount(): Promise<void>;
  /** Mounts again, without faults, after `kill` or `unmount`. */
  mount(): Promise<void>;
  /** Frees what hangs, unmounts and removes everything, whatever happened before. */
  remove(): Promise<void>;
}

/** @returns why it is not possible here, or null */
export function whyNoFaultMount(): string | null {
  if (!existsSync('/dev/fuse')) return 'there is no /dev/fuse';
  return whyNoBed(['gcc', 'pkg-config', 'fusermount3', 'mount', 'umount']);
}

/**
 * Mounts a folder without faults.
 * @param subtype the type of FUSE that the system names: `ntfs` counts as a disk of this machine, any other one as a network
 */
export async function makeFaultMount(subtype = 'faultfs'): Promise<FaultMount> {
  const folder = await bedFolder();
  const [path, backing, socket] = ['mount', 'backing', 'socket'].map((name) => join(folder, name)) as [string, string, string];
  await mkdir(path);
  await memoryFolder(backing);
  const program = await compiled();
  let daemon: ChildProcess | null = null;

  const mount = async (): Promise<void> => {
    await run('rm', ['-f', socket]);
    const options = `fsname=${folder},subtype=${subtype},default_permissions`;
    daemon = spawn(program, [backing, socket, path, options], { stdio: ['ignore', 'ignore', 'inherit'] });
    // A failed test must be able to end. The next run cleans up.
    daemon.unref();
    await writePidFile(folder, 'faultfs', daemon.pid ?? 0);
    await until(() => existsSync(socket) && isMounted(path), 5_000);
  };
  const unmount = async (): Promise<void> => {
    await abortMount(path);
    if (isMounted(path)) await run('umount', ['-l', path]);
    daemon?.kill('SIGKILL');
  };
  const obey = async (line: string): Promise<void> => {
    const answer = await send(socket, line);
    if (answer !== 'ok') throw new Error(`faultfs: ${line}: ${answer}`);
  };
  await mount();
  return {
    path,
    backing,
    fail: (call, code, within = '-') => obey(`rule ${call} errno ${constants.errno[code]} ${within}`),
    failLinkLate: (code, within = '-') => obey(`rule link late ${constants.errno[code]} ${within}`),
    delay: (call, ms, within = '-') => obey(`rule ${call} delay ${ms} ${within}`),
    hang: (call, within = '-') => obey(`rule ${call} hang - ${within}`),
    heal: () => obey('clear'),
    hanging: async () => Number(await send(socket, 'hanging')),
    uncached: () => obey('uncached'),
    readBytes: async () => Number(await send(socket, 'read')),
    link: ({ bytesPerSecond, latencyMs }) => obey(`link ${bytesPerSecond} ${latencyMs}`),
    syncs: () => readSyncs(`${socket}.syncs`),
    kill: () => void daemon?.kill('SIGKILL'),
    unmount,
    mount,
    remove: () => clearBed(folder),
  };
}

function readSyncs(path: string): readonly LinkSync[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [beganAt = 0, tookMs = 0, bytes = 0, waitingBytes = 0, waitingFiles = 0] = line.split(' ').map(Number);
    return { beganAt, tookMs, bytes, waitingBytes, waitingFiles };
  });
}

const source = join(import.meta.dirname, 'faultfs.c');
/** Not committed. */
const cache = join(import.meta.dirname, '../../node_modules/.cache/sluice-faultfs');

let compiling: Promise<string> | null = null;

/** Returns the path of the filesystem's program. Two mounts at once wait for the same compiler. */
function compiled(): Promise<string> {
  compiling ??= compile();
  return compiling;
}

/** Compiles the program once for each state of its source and version of FUSE. */
async function compile(): Promise<string> {
  const made = `${await output('pkg-config', ['--modversion', 'fuse3'])}${process.arch}${await readFile(source, 'utf8')}`;
  const program = join(cache, hash('sha256', made), 'faultfs');
  if (existsSync(program)) return program;
  await mkdir(dirname(program), { recursive: true });
  // Another process may compile it too, so the name appears only when the file is complete.
  const unfinished = `${program}-${process.pid}`;
  await run('sh', ['-c', `gcc -O1 -Wall -o '${unfinished}' '${source}' $(pkg-config --cflags --libs fuse3)`]);
  await rename(unfinished, program);
  return program;
}

function send(socket: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const client = connect(socket, () => client.write(line));
    client.setEncoding('utf8').on('data', (text: string) => (answer += text));
    client.on('error', reject);
    client.on('close', () => resolve(answer.trim()));
  });
}
