import { chmodSync, chownSync, rmSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { privateRuntimeFolder, shortHash } from '@sluice/platform';
import { bind, ownerAddress, standardAddress } from '../protocol/address.ts';
import { encodeFrame } from '../protocol/frames.ts';
import { type ControlLimits, controlLimits } from '../protocol/limits.ts';
import type { Notes, Topic } from '../protocol/protocol.ts';
import { SocketWriter } from '../protocol/socket-streams.ts';
import { type ClientSession, type ControlHandlers, hangUp, type Screens, startSession } from './client-session.ts';
import { type Seat, Turns } from './fair-turns.ts';
import { createTroubles, type Troubles } from './violations.ts';

/** What a control server needs. */
export interface ControlServerOptions {
  /** The caller holds `agent.lock` of this folder. */
  readonly stateDir: string;
  readonly handlers: ControlHandlers;
  /** Shows windows of the files to clients that request one. */
  readonly screens?: Screens;
  /** The group whose members may watch and steer. Null: only this user. From `groupIdOf`. */
  readonly groupId?: number | null;
  /** The address of the socket, if it is not in the state folder. */
  readonly path?: string;
  readonly limits?: Partial<ControlLimits>;
  /** Reports what belongs in a log: clients that were dropped, handlers that failed. */
  readonly onTrouble?: (message: string) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Accepts the connections of clients. */
export interface ControlServer {
  /** The address that it listens on, for `agent.lock`. */
  readonly path: string;
  /**
   * Sends a note to every client that watches this topic and route. Never waits.
   * @param make the note; called only if there is such a client
   */
  publish<T extends Topic>(topic: T, route: string, make: () => Notes[T]): void;
  clientCount(): number;
  /** Waits a moment for answers under way, then disconnects every client and removes the socket. */
  close(): Promise<void>;
}

/**
 * Listens for clients, in the state folder, or in a private runtime folder if the state folder cannot hold a socket (FAT, a long
 * path).
 * @throws Error if no folder can hold one
 */
export async function createControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const limits = { ...controlLimits, ...options.limits };
  const troubles = createTroubles(options.onTrouble ?? (() => undefined), limits.troubleEveryMs);
  const hasGroup = (options.groupId ?? null) !== null;
  const shared = new Clients(options, limits, troubles, { turns: hasGroup ? new Turns(limits) : null, max: limits.clients });
  const own = new Clients(options, limits, troubles, { turns: null, max: limits.ownerClients });
  const address = await listenSomewhere(shared.server, options);
  const ownAddress = hasGroup ? await listenForOwner(own.server, address, troubles) : null;
  const sessions = (): ClientSession[] => [...shared.sessions, ...own.sessions];
  return {
    path: address,
    publish: (topic, route, make) => {
      // Called for every record of the journal, mostly without a client.
      if (shared.sessions.size + own.sessions.size === 0) return;
      const listeners = sessions().filter((session) => session.wants(topic, route));
      if (listeners.length === 0) return;
      const frame = encodeFrame({ jsonrpc: '2.0', method: topic, params: make() });
      for (const session of listeners) session.send(frame);
    },
    clientCount: () => sessions().length,
    close: async () => {
      await Promise.all([shared.close(), ownAddress === null ? null : own.close()]);
      troubles.end();
      if (process.platform === 'win32') return;
      for (const path of [address, ownAddress]) if (path !== null) rmSync(path, { force: true });
    },
  };
}

/** The clients of one socket. */
interface Whose {
  /** The turns of the members of a group. Null: the agent's own user and root, whose work is not limited. */
  readonly turns: Turns | null;
  readonly max: number;
}

/** The connections of one socket. */
class Clients {
  readonly sessions = new Set<ClientSession>();
  readonly server: net.Server;
  readonly #options: ControlServerOptions;
  readonly #limits: ControlLimits;
  readonly #troubles: Troubles;
  readonly #whose: Whose;
  /** Clients that get a moment to read why they are disconnected. Beyond a bound, no client gets it. */
  #leaving = 0;
  /** Members that wait for their turn to be admitted. */
  #arriving = 0;
  #isClosed = false;

  constructor(options: ControlServerOptions, limits: ControlLimits, troubles: Troubles, whose: Whose) {
    this.#options = options;
    this.#limits = limits;
    this.#troubles = troubles;
    this.#whose = whose;
    this.server = net.createServer((socket) => this.#accept(socket));
    // Why it cannot listen is what `bind` returns: the socket of an agent that was killed is replaced.
    this.server.on('error', (error) => {
      if (this.server.listening) options.onTrouble?.(`the control socket: ${error.message}`);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = new Promise<void>((resolve) => void this.server.close(() => resolve()));
    await Promise.all([...this.sessions].map((session) => session.end('the agent is stopping')));
    await closed;
  }

  /** A member is admitted in its turn, because repeated connections are work too. */
  #accept(socket: Socket): void {
    const { max, turns } = this.#whose;
    if (turns === null) {
      this.#admit(socket, null);
      return;
    }
    socket.on('error', () => socket.destroy());
    if (this.#arriving >= max) {
      this.#troubles.report(`a client of the control socket was refused: ${max} are waiting already`);
      socket.destroy();
      return;
    }
    this.#arriving += 1;
    const seat = turns.seat();
    void seat.next().then(() => {
      this.#arriving -= 1;
      if (socket.destroyed) seat.leave();
      else if (this.#isClosed) socket.destroy();
      else this.#admit(socket, seat);
    });
  }

  #admit(socket: Socket, seat: Seat | null): void {
    const { max } = this.#whose;
    if (this.sessions.size >= max && !this.#makeRoom()) {
      this.#troubles.report(`a client of the control socket was refused: ${max} are connected already`);
      seat?.leave();
      this.#turnAway(socket);
      return;
    }
    const session = startSession({
      socket,
      handlers: this.#options.handlers,
      screens: this.#options.screens ?? null,
      limits: this.#limits,
      seat,
      onTrouble: this.#options.onTrouble ?? (() => undefined),
      onDropped: (message) => this.#troubles.report(message),
      onEnd: () => this.sessions.delete(session),
    });
    this.sessions.add(session);
  }

  /** Disconnects the client that has been idle longest. A client that waits for a reply or watches is not idle. */
  #makeRoom(): boolean {
    const idle = [...this.sessions].filter((session) => session.idleSince() !== null);
    const [longest] = idle.sort((a, b) => (a.idleSince() ?? 0) - (b.idleSince() ?? 0));
    if (longest === undefined || this.#leaving >= this.#whose.max) return false;
    this.sessions.delete(longest);
    this.#leave(longest.end(`${this.#whose.max} clients are connected, and this one was idle longest`));
    return true;
  }

  #turnAway(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#leaving >= this.#whose.max) {
      socket.destroy();
      return;
    }
    socket.resume();
    const reason = `${this.#whose.max} clients are connected already`;
    this.#leave(hangUp(socket, new SocketWriter(socket, this.#limits.waitingBytes), reason, this.#limits.closeMs));
  }

  #leave(gone: Promise<void>): void {
    this.#leaving += 1;
    void gone.then(() => {
      this.#leaving -= 1;
    });
  }
}

/** @returns its address; null if it cannot be created, and the owner shares the places of the group */
async function listenForOwner(server: net.Server, shared: string, troubles: Troubles): Promise<string | null> {
  const address = ownerAddress(shared);
  if (address === null) return null;
  const bound = await bind(server, address);
  if (bound.isBound) return address;
  troubles.report(`the socket ${address}, which is reserved for this user and root, cannot be created (${bound.code})`);
  return null;
}

async function listenSomewhere(server: net.Server, options: ControlServerOptions): Promise<string> {
  const address = options.path ?? standardAddress(options.stateDir);
  const first = address === null ? { isBound: false as const, code: 'ENAMETOOLONG' } : await bind(server, address);
  if (first.isBound && address !== null && makePrivate(address, options.groupId ?? null)) return address;
  if (process.platform === 'win32')
    throw new Error(`the control pipe ${address} cannot be created (${first.isBound ? 'EPERM' : first.code})`);
  if (first.isBound) await new Promise((resolve) => server.close(resolve));
  return listenInRuntimeFolder(server, options, first.isBound ? 'EPERM' : first.code);
}

async function listenInRuntimeFolder(server: net.Server, options: ControlServerOptions, whyNot: string): Promise<string> {
  const groupId = options.groupId ?? null;
  // A group cannot enter the user's own runtime folder.
  const folder = privateRuntimeFolder(shortHash(path.resolve(options.stateDir)), groupId === null ? options.env : {});
  const address = path.join(folder, 'agent.sock');
  const second = await bind(server, address);
  if (!second.isBound)
    throw new Error(`the control socket cannot be created, neither in ${options.stateDir} (${whyNot}) nor at ${address} (${second.code})`);
  makePrivate(address, groupId);
  if (groupId !== null) {
    chownSync(folder, -1, groupId);
    chmodSync(folder, 0o710);
  }
  return address;
}

/** @returns false if the filesystem has no modes: the socket would be open to everybody */
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
