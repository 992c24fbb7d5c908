import { lstatSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { comparablePath, errnoOf, shortHash, wakingClock } from '@sluice/platform';
import { socketPathBytes, staleSocketMs } from './limits.ts';

/** Returns the standard address of the control socket of a state folder, or null if its path is too long. */
export function standardAddress(stateDir: string, platform: NodeJS.Platform = process.platform): string | null {
  if (platform === 'win32') return `\\\\.\\pipe\\sluice-${shortHash(comparablePath(stateDir, platform))}`;
  const socketPath = path.join(stateDir, 'agent.sock');
  return Buffer.byteLength(socketPath) <= socketPathBytes ? socketPath : null;
}

/**
 * Returns the address of a second socket for the agent's own user and root, next to one that a group may use. Whoever connects
 * here is one of the two.
 * @returns null on Windows
 */
export function ownerAddress(address: string, platform: NodeJS.Platform = process.platform): string | null {
  return platform === 'win32' ? null : path.join(path.dirname(address), 'owner.sock');
}

/** The result of an attempt to listen. */
export type Bound = { readonly isBound: true } | { readonly isBound: false; readonly code: string };

/**
 * Listens on a path. Removes the socket of an agent that has ended, and leaves alone a socket that answers and any other file.
 * Only this user can connect before the caller changes the socket's mode.
 */
export async function bind(server: net.Server, address: string): Promise<Bound> {
  const first = await listen(server, address);
  if (first.isBound || first.code !== 'EADDRINUSE' || !(await isStale(address))) return first;
  unlinkSync(address);
  return listen(server, address);
}

function listen(server: net.Server, address: string): Promise<Bound> {
  return new Promise((resolve) => {
    const refused = (error: Error) => {
      server.off('listening', bound);
      resolve({ isBound: false, code: errnoOf(error) });
    };
    const bound = () => {
      server.off('error', refused);
      resolve({ isBound: true });
    };
    server.once('error', refused).once('listening', bound);
    // The system gives a new socket the mode that the mask leaves, so it is never open to others, not even for a moment.
    const before = process.umask(0o177);
    try {
      server.listen({ path: address });
    } finally {
      process.umask(before);
    }
  });
}

/** Returns whether nobody listens on a socket file. The caller holds `agent.lock`, so no other agent is about to listen. */
async function isStale(address: string): Promise<boolean> {
  const stats = lstatSync(address, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isSocket()) return false;
  return (await tryConnect(address, staleSocketMs)) === 'ECONNREFUSED';
}

/** @returns null if something answers, else the code of the error; `ETIMEDOUT` after the deadline */
function tryConnect(address: string, deadlineMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = net.connect({ path: address });
    const end = (code: string | null) => {
      callOff();
      socket.destroy();
      resolve(code);
    };
    const callOff = wakingClock.after(deadlineMs, () => end('ETIMEDOUT'));
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(errnoOf(error)));
  });
}
