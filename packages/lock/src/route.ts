import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { comparablePath, errnoOf, privateRuntimeFolder, shortHash } from '@sluice/platform';
import { RouteTaken } from './error.ts';
import { readAgentFacts } from './facts.ts';
import { type LockFileOptions, lockFile } from './file.ts';

export interface RouteLockInput extends LockFileOptions {
  readonly route: string;
  /** Resolved: links followed. */
  readonly source: string;
  readonly destination: string;
  /** Shown to another agent that wants the same route. */
  readonly stateDir: string;
  readonly version: string;
  readonly startedAt: string;
}

/** A route that no other agent of this machine may copy. */
export interface RouteLock {
  /** Idempotent; a crash does the same. */
  release(): void;
}

interface Holder {
  readonly pid: number | null;
  readonly stateDir: string | null;
}

/** How long the holder is given to say who it is. */
const askMs = 500;

/**
 * Takes (source, destination) for this agent: by an abstract socket on Linux and a named pipe on Windows, which end with the
 * process and which every user sees; elsewhere by a locked file in the user's runtime folder, which only this user's agents see.
 *
 * @throws RouteTaken where another agent has it
 */
export async function claimRoute(input: RouteLockInput): Promise<RouteLock> {
  const name = socketName(routeHash(input));
  if (name === null) return lockedFile(input);
  const server = await listening(name, JSON.stringify({ pid: process.pid, stateDir: input.stateDir }));
  if (server === 'taken') throw new RouteTaken(input.route, await askHolder(name));
  return server === 'refused' ? lockedFile(input) : { release: () => void server.close() };
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
    socket.setTimeout(askMs, () => socket.destroy());
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
    socket.setEncoding('utf8').setTimeout(askMs, () => socket.destroy());
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (received.length > 8192) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(received));
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

function lockedFile(input: RouteLockInput): RouteLock {
  const file = path.join(privateRuntimeFolder('routes'), `${routeHash(input)}.lock`);
  const facts = { pid: process.pid, startedAt: input.startedAt, version: input.version, socketPath: null };
  const lock = lockFile(file, facts, input);
  if (lock === null) throw new RouteTaken(input.route, { pid: readAgentFacts(file)?.pid ?? null, stateDir: null });
  return lock;
}
