import net from 'node:net';
import process from 'node:process';
import { comparablePath, errnoOf, shortHash, wakingClock } from '@sluice/platform';
import { RouteTaken } from './error.ts';
import type { LockFileOptions } from './file.ts';
import { type Holder, isTrusted } from './holder.ts';
import { limits } from './limits.ts';
import { lockRouteFiles, readRootsRecord, recordAsRoot } from './route-files.ts';

/** The input for locking a route. */
export interface RouteLockInput extends LockFileOptions {
  readonly route: string;
  /** Resolved: links are followed. */
  readonly source: string;
  readonly destination: string;
  /** Shown to another agent that tries to use the same route. */
  readonly stateDir: string;
  readonly version: string;
  readonly startedAt: string;
  /** Called if another user's process holds the name of the lock. */
  readonly onWarning?: (message: string) => void;
  /** The folders of the locked files, instead of this user's folders. */
  readonly lockFolders?: readonly string[];
}

/** The lock of a route. No other agent of this machine may copy along it. */
export interface RouteLock {
  /** Releases the route. Idempotent; a crash has the same effect. */
  release(): void;
}

/**
 * Locks (source, destination) for this agent, in two ways. An abstract socket on Linux, or a named pipe on Windows, ends with the
 * process, and agents of every user see it. But any user can take its name, so its holder has to be root's agent or a process of
 * this user; otherwise it is ignored with a warning. A locked file in folders that only this user may write to excludes this
 * user's other agents, whatever other users hold.
 * @throws RouteTaken if another agent has it
 */
export async function claimRoute(input: RouteLockInput): Promise<RouteLock> {
  const hash = routeHash(input);
  const name = socketName(hash);
  const server = name === null ? 'refused' : await listening(name, JSON.stringify({ pid: process.pid, stateDir: input.stateDir }));
  if (name !== null && server === 'taken') await assertStranger(input, name, hash);
  const closeSocket = (): void => {
    if (typeof server !== 'string') server.close();
  };
  const takenBy = (pid: number | null): RouteTaken => {
    closeSocket();
    return new RouteTaken(input.route, { pid, stateDir: null });
  };
  const roots = process.platform === 'linux' ? readRootsRecord(hash) : null;
  if (roots !== null && roots.pid !== process.pid) throw takenBy(roots.pid);
  const files = lockRouteFiles(hash, input, input.lockFolders);
  if (files !== null && 'takenBy' in files) throw takenBy(files.takenBy);
  const record = recordAsRoot(hash);
  return {
    release() {
      record.remove();
      files?.release();
      closeSocket();
    },
  };
}

/** @throws RouteTaken if the holder of the socket is an agent, as far as the system shows */
async function assertStranger(input: RouteLockInput, name: string, hash: string): Promise<void> {
  const holder = await askHolder(name);
  const isAgent = process.platform !== 'linux' || isTrusted(holder, name.slice(1), readRootsRecord(hash));
  if (isAgent) throw new RouteTaken(input.route, holder);
  const who = holder.pid === null ? 'a process that does not identify itself' : `a process that calls itself ${holder.pid}`;
  input.onWarning?.(
    `the lock of route "${input.route}" (@${name.slice(1)}) is held by ${who}, which is not an agent of this user or of root. Sluice ignores it and locks the route by a file. As root, "ss -xlp" shows whose it is`,
  );
}

function routeHash({ source, destination }: RouteLockInput): string {
  return shortHash(...[source, destination].map((folder) => comparablePath(folder, process.platform)));
}

function socketName(hash: string): string | null {
  if (process.platform === 'linux') return `\0sluice-${hash}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\sluice-route-${hash}` : null;
}

async function listening(name: string, answer: string): Promise<net.Server | 'taken' | 'refused'> {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(limits.holderAnswerMs, () => socket.destroy());
    socket.end(answer);
  });
  server.maxConnections = 8;
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(errnoOf(error) === 'EADDRINUSE' || errnoOf(error) === 'EACCES' ? 'taken' : 'refused'));
    server.listen(name, () => {
      server.on('error', () => undefined);
      resolve(server.unref());
    });
  });
}

async function askHolder(name: string): Promise<Holder> {
  const text = await new Promise<string>((resolve) => {
    let received = '';
    const socket = net.connect(name);
    const callOff = wakingClock.after(limits.holderAnswerMs, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (received.length > 8192) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      callOff();
      resolve(received);
    });
  });
  return parseHolder(text);
}

function parseHolder(text: string): Holder {
  try {
    const { pid, stateDir } = JSON.parse(text) as Record<string, unknown>;
    return { pid: Number.isSafeInteger(pid) ? (pid as number) : null, stateDir: typeof stateDir === 'string' ? stateDir : null };
  } catch {
    return { pid: null, stateDir: null };
  }
}
