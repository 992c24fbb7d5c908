import { readdirSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import process from 'node:process';
import { closeQuietly, errnoOf } from '@sluice/platform';
import type { FileFacts } from '../storage/storage.ts';

/** Determines which files programs of this machine have open for writing. */
export interface Writers {
  /**
   * @param path absolute; used on systems where the only way to find out is to open the file
   * @returns whether a program has the file open for writing, as far as this process may know
   */
  hasOpen(facts: FileFacts, path: string): Promise<boolean>;
}

/** Returns the writers of this system. */
export function systemWriters(): Writers {
  if (process.platform === 'win32') return { hasOpen: (_, path) => isHeld(path) };
  return process.platform === 'linux' ? new ProcWriters() : { hasOpen: async () => false };
}

/** `UV_FS_O_EXLOCK` of libuv on Windows: no other program may have the file open. */
const exclusively = 0x10000000;

/** Opens the file as its only user. */
async function isHeld(path: string): Promise<boolean> {
  try {
    await closeQuietly(await open(path, exclusively));
    return false;
  } catch (error) {
    if (errnoOf(error) === 'EBUSY') return true;
    throw error;
  }
}

/** For each inode that is open for writing: the descriptors that refer to it. */
type OpenInodes = ReadonlyMap<string, readonly string[]>;

/** Reads `/proc/PID/fdinfo`. Format: proc_pid_fdinfo(5). Processes of other users are seen by root only. */
export class ProcWriters implements Writers {
  readonly #proc: string;
  /** A walk over all processes that has not begun. All requests until then share it. */
  #next: Promise<OpenInodes> | null = null;

  constructor(proc = '/proc') {
    this.#proc = proc;
  }

  async hasOpen({ device, inode }: FileFacts): Promise<boolean> {
    this.#next ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#next = null;
        resolve(this.#walk());
      });
    });
    const open = await this.#next;
    // A descriptor whose description has no inode may refer to any file.
    for (const descriptor of [...(open.get(inode) ?? []), ...(open.get('') ?? [])]) if (this.#isOf(descriptor, device, inode)) return true;
    return false;
  }

  #isOf(descriptor: string, device: string, inode: string): boolean {
    try {
      const stats = statSync(descriptor, { bigint: true });
      return String(stats.dev) === device && String(stats.ino) === inode;
    } catch {
      return false;
    }
  }

  #walk(): OpenInodes {
    const open = new Map<string, string[]>();
    for (const pid of namesIn(this.#proc)) {
      if (!/^\d+$/.test(pid)) continue;
      for (const fd of namesIn(`${this.#proc}/${pid}/fdinfo`)) this.#note(open, pid, fd);
    }
    return open;
  }

  #note(open: Map<string, string[]>, pid: string, fd: string): void {
    const text = textOf(`${this.#proc}/${pid}/fdinfo/${fd}`);
    const flags = /^flags:\s*([0-7]+)/m.exec(text)?.[1];
    if (flags === undefined || (Number.parseInt(flags, 8) & accessMode) === 0) return;
    const inode = /^ino:\s*(\d+)/m.exec(text)?.[1] ?? '';
    const descriptor = `${this.#proc}/${pid}/fd/${fd}`;
    const others = open.get(inode);
    if (others === undefined) open.set(inode, [descriptor]);
    else others.push(descriptor);
  }
}

/** `O_ACCMODE`; `O_RDONLY` is 0. */
const accessMode = 3;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The process has ended, or belongs to another user.
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
