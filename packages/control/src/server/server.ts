import { chmodSync, chownSync, rmSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { privateRuntimeFolder, shortHash } from '@sluice/platform';
import { bind, standardAddress } from '../protocol/address.ts';
import { encodeFrame } from '../protocol/frames.ts';
import { type ControlLimits, controlLimits } from '../protocol/limits.ts';
import type { Notes, Topic } from '../protocol/protocol.ts';
import { SocketWriter } from '../protocol/transport.ts';
import { type ClientSession, type ControlHandlers, hangUp, type Screens, startSession } from './client-session.ts';

export interface ControlServerOptions {
  /** The caller holds its `agent.lock`. */
  readonly stateDir: string;
  readonly handlers: ControlHandlers;
  /** Who shows windows of the files to those that ask. */
  readonly screens?: Screens;
  /** Members may watch and steer; null: only this user. From `groupIdOf`. */
  readonly groupId?: number | null;
  /** Where the socket should lie, instead of the state folder. */
  readonly path?: string;
  readonly limits?: Partial<ControlLimits>;
  /** What belongs in a log: clients that were dropped, handlers that failed. */
  readonly onTrouble?: (message: string) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The agent's ear. */
export interface ControlServer {
  /** Where it listens; to be named in `agent.lock`. */
  readonly path: string;
  /** Tells every client that watches this topic and route. Never waits. */
  publish<T extends Topic>(topic: T, route: string, note: Notes[T]): void;
  clientCount(): number;
  /** Answers under way are given a moment; then everybody is gone and so is the socket. */
  close(): Promise<void>;
}

/**
 * Listens for clients, in the state folder, or in a private runtime folder where that cannot hold a socket (FAT, a long path).
 *
 * @throws Error where no folder can hold one
 */
export async function createControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const limits = { ...controlLimits, ...options.limits };
  const sessions = new Set<ClientSession>();
  const onTrouble = options.onTrouble ?? (() => undefined);
  const server = net.createServer((socket) => {
    if (sessions.size >= limits.clients) {
      onTrouble(`a client of the control socket was turned away: ${limits.clients} are connected`);
      turnAway(socket, limits);
      return;
    }
    const session = startSession({
      socket,
      handlers: options.handlers,
      screens: options.screens ?? null,
      limits,
      onTrouble,
      onEnd: () => sessions.delete(session),
    });
    sessions.add(session);
  });
  const address = await listenSomewhere(server, options);
  server.on('error', (error) => onTrouble(`the control socket: ${error.message}`));
  return {
    path: address,
    publish: (topic, route, note) => {
      const listeners = [...sessions].filter((session) => session.wants(topic, route));
      if (listeners.length === 0) return;
      const frame = encodeFrame({ jsonrpc: '2.0', method: topic, params: note });
      for (const session of listeners) session.send(frame);
    },
    clientCount: () => sessions.size,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      await Promise.all([...sessions].map((session) => session.end('the agent is stopping')));
      await closed;
      if (process.platform !== 'win32') rmSync(address, { force: true });
    },
  };
}

function turnAway(socket: Socket, limits: ControlLimits): void {
  socket.on('error', () => socket.destroy());
  socket.resume();
  void hangUp(socket, new SocketWriter(socket, limits.waitingBytes), `${limits.clients} clients are connected already`, limits.closeMs);
}

async function listenSomewhere(server: net.Server, options: ControlServerOptions): Promise<string> {
  const address = options.path ?? standardAddress(options.stateDir);
  const first = address === null ? { isBound: false as const, code: 'ENAMETOOLONG' } : await bind(server, address);
  if (first.isBound && address !== null && makePrivate(address, options.groupId ?? null)) return address;
  if (process.platform === 'win32') throw new Error(`the control pipe ${address} cannot be made (${first.isBound ? 'EPERM' : first.code})`);
  if (first.isBound) await new Promise((resolve) => server.close(resolve));
  return listenInRuntimeFolder(server, options, first.isBound ? 'EPERM' : first.code);
}

async function listenInRuntimeFolder(server: net.Server, options: ControlServerOptions, whyNot: string): Promise<string> {
  const groupId = options.groupId ?? null;
  // a group cannot pass through the user's own runtime folder
  const folder = privateRuntimeFolder(shortHash(path.resolve(options.stateDir)), groupId === null ? options.env : {});
  const address = path.join(folder, 'agent.sock');
  const second = await bind(server, address);
  if (!second.isBound)
    throw new Error(`the control socket can lie neither in ${options.stateDir} (${whyNot}) nor at ${address} (${second.code})`);
  makePrivate(address, groupId);
  if (groupId !== null) {
    chownSync(folder, -1, groupId);
    chmodSync(folder, 0o710);
  }
  return address;
}

/** @returns false where the filesystem has no modes: the socket would be open to everybody */
function makePrivate(address: string, groupId: number | null): boolean {
  if (process.platform === 'win32') return true;
  try {
    if (groupId !== null) chownSync(address, -1, groupId);
    chmodSync(address, groupId === null ? 0o600 : 0o660);
    return true;
  } catch {
    return false;
  }
}
