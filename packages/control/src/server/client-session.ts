import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { faultText, wakingClock } from '@sluice/platform';
import * as v from 'valibot';
import { createMessageConnection, ErrorCodes, Message, ResponseError } from 'vscode-jsonrpc/node';
import { ControlError } from '../protocol/errors.ts';
import { goodbyeMethod, screenMethod } from '../protocol/events.ts';
import { encodeFrame, FrameError } from '../protocol/frames.ts';
import { type ControlLimits, memberNameLength, refusalLength } from '../protocol/limits.ts';
import { isMethod, type Method, type ReadParamsOf, type Replies, requests, type Topic, type Who } from '../protocol/protocol.ts';
import type { ScreenDelta, ScreenFrame, ScreenWindow } from '../protocol/screen-frame.ts';
import { SocketReader, SocketWriter } from '../protocol/socket-streams.ts';
import type { Seat } from './fair-turns.ts';
import { OpenRequests } from './open-requests.ts';

/** The client of a request that takes more than a moment. */
export interface Asker {
  /** Whether the system lets only the agent's own user and root reach the socket of this client. */
  readonly isOwner: boolean;
  /**
   * Lets other work run; for a handler to call between two pieces of its work.
   * @throws ControlError if the client has left, so that going on is useless
   */
  pause(): Promise<void>;
}

/** What the agent does for each request. A handler throws ControlError to refuse it; any other error is a fault of the agent. */
export type ControlHandlers = {
  readonly [M in Exclude<Method, 'watch' | 'unwatch' | 'screen'>]: (
    params: ReadParamsOf<M>,
    asker: Asker,
  ) => Replies[M] | Promise<Replies[M]>;
};

/** The handlers of one client: `screen` depends on the client. */
type SessionHandlers = ControlHandlers & { readonly screen?: (window: ReadParamsOf<'screen'>) => Promise<Replies['screen']> };

/** One client of the agent, as the server sees it. */
export interface ClientSession {
  wants(topic: Topic, route: string): boolean;
  /** Returns since when the client has no open request and no subscription, in waking milliseconds. Null: it has one. */
  idleSince(): number | null;
  /** Sends a frame that was encoded once for all clients. */
  send(frame: Uint8Array): void;
  /** Sends the reason, and closes the connection when it was sent, or after `closeMs`. */
  end(reason: string): Promise<void>;
}

interface SessionOptions {
  readonly socket: Socket;
  readonly handlers: ControlHandlers;
  /** Null: the agent has no screens. */
  readonly screens: Screens | null;
  readonly limits: ControlLimits;
  /** The client's seat among the members of a group. Null: the system lets only the agent's own user and root reach this socket. */
  readonly seat: Seat | null;
  /** Reports an error of the agent itself. */
  readonly onTrouble: (message: string) => void;
  /** Reports a client that was dropped because it violated the protocol. */
  readonly onDropped: (message: string) => void;
  readonly onEnd: () => void;
}

/** Serves one client. Nothing that it sends, or fails to read, affects more than its own socket. */
export function startSession(options: SessionOptions): ClientSession {
  const { socket, screens, limits, seat, onTrouble, onEnd } = options;
  const handlers = seat === null ? options.handlers : unverified(options.handlers);
  const asker: Asker = { isOwner: seat === null, pause: () => seat?.next() ?? afterOthers(socket) };
  let watched: ReadParamsOf<'watch'> | null = null;
  let watcher: ScreenWatcher | null = null;
  const open = new OpenRequests(limits.openRequests);
  let lastAskedAt = wakingClock.now();
  const sayNothingAsked = (): void => void session.end(`it has sent no request for ${limits.firstMessageMs / 1000} s`);
  const endSilence = wakingClock.after(limits.firstMessageMs, sayNothingAsked);
  socket.once('data', endSilence);

  const reader = readerOf(options, open);
  const writer = new SocketWriter(socket, limits.waitingBytes, (message) => {
    if (!Message.isResponse(message) || message.id === null) return;
    open.answered(message.id);
    lastAskedAt = wakingClock.now();
  });
  const connection = createMessageConnection(reader, writer);
  const outlet = {
    send: (params: object) => writer.send(encodeFrame({ jsonrpc: '2.0', method: screenMethod, params })),
    hasRead: () => socket.writableLength === 0,
    close: (reason: string) => void hangUp(socket, writer, reason, limits.closeMs),
  };
  const own: SessionHandlers =
    screens === null ? handlers : { ...handlers, screen: (window) => (watcher ??= screens.attach(outlet)).watch(window) };
  const endScreen = () => {
    watcher?.end();
    watcher = null;
  };
  connection.onRequest(async (method: string, params: unknown) => {
    await seat?.next();
    if (method === 'watch') watched = readParams('watch', params);
    if (method === 'unwatch') {
      watched = null;
      endScreen();
    }
    if (method === 'watch' || method === 'unwatch') return { v: 1 };
    return answer(own, { method, params, asker }, onTrouble);
  });
  socket.on('error', (error) => {
    if (error instanceof FrameError) options.onDropped(`a client of the control socket was dropped: ${error.message}`);
  });
  socket.on('close', () => {
    endSilence();
    seat?.leave();
    connection.dispose();
    endScreen();
    onEnd();
  });
  connection.listen();
  const session: ClientSession = {
    wants: (topic, route) => watched !== null && watched.topics.includes(topic) && (watched.route === null || watched.route === route),
    idleSince: () => (open.count > 0 || watched !== null || watcher !== null ? null : lastAskedAt),
    send: (frame) => writer.send(frame),
    end: (reason) => hangUp(socket, writer, reason, limits.closeMs),
  };
  return session;
}

/** Waits for other work. @throws ControlError if the client has left */
async function afterOthers(socket: Socket): Promise<void> {
  await setImmediate();
  if (socket.destroyed) throw new ControlError('not_possible', 'the client has left');
}

/** Messages of a member of the group are read in turns. They wait in the system while enough of its requests are being worked on. */
function readerOf({ socket, limits, seat }: SessionOptions, open: OpenRequests): SocketReader {
  const check = (message: unknown): Message => {
    const request = asRequest(message);
    open.add(request.id);
    return request;
  };
  const bounds = { maxBytes: limits.messageBytes, deadlineMs: limits.messageDeadlineMs, check };
  if (seat === null) return new SocketReader(socket, bounds);
  const turn = async (): Promise<void> => {
    await open.fewerThan(limits.memberRequests);
    await seat.next();
  };
  return new SocketReader(socket, { ...bounds, turn });
}

/**
 * Returns handlers for a member of the group. The system does not say which member it is, and a client can give any name, so the
 * journal notes that the name was not verified.
 */
function unverified(handlers: ControlHandlers): ControlHandlers {
  const asMember = (who: Who): Who => ({ ...who, user: `${asName(who.user)} (not verified)` });
  const marked = (params: object): object => ('who' in params ? { ...params, who: asMember(params.who as Who) } : params);
  type Handler = (params: object, asker: Asker) => unknown;
  const each = Object.entries(handlers) as [Method, Handler][];
  return Object.fromEntries(
    each.map(([method, handle]) => [method, (params: object, asker: Asker) => handle(marked(params), asker)]),
  ) as unknown as ControlHandlers;
}

/** Cleans a name: blanks or a long text must not push what follows the name out of sight. */
function asName(text: string): string {
  const plain = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return plain.length <= memberNameLength ? plain : `${plain.slice(0, memberNameLength - 1).toWellFormed()}…`;
}

/** Sends the last message to a client, and closes the connection. */
export function hangUp(socket: Socket, writer: SocketWriter, reason: string, closeMs: number): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const callOff = wakingClock.after(closeMs, () => socket.destroy());
    socket.once('close', () => {
      callOff();
      resolve();
    });
    writer.send(encodeFrame({ jsonrpc: '2.0', method: goodbyeMethod, params: { reason } }));
    socket.end();
  });
}

/** Returns the message as a request; clients may send nothing else. */
function asRequest(message: unknown): Message & { readonly id: string | number } {
  const { jsonrpc, id, method } = (typeof message === 'object' && message !== null ? message : {}) as Record<string, unknown>;
  const hasId = Number.isSafeInteger(id) || (typeof id === 'string' && id.length <= 64);
  if (jsonrpc !== '2.0' || !hasId || typeof method !== 'string' || method.length > 64)
    throw new FrameError('a message that is not a request');
  return message as Message & { readonly id: string | number };
}

interface Asked {
  readonly method: string;
  readonly params: unknown;
  readonly asker: Asker;
}

async function answer(handlers: SessionHandlers, { method, params, asker }: Asked, onTrouble: (message: string) => void): Promise<unknown> {
  try {
    if (!isMethod(method) || !Object.hasOwn(handlers, method))
      throw new ControlError('unknown_method', `this agent does not know the request "${method}"`);
    const handler = handlers[method as keyof SessionHandlers] as (params: unknown, asker: Asker) => unknown;
    return await handler(readParams(method, params), asker);
  } catch (error) {
    if (error instanceof ResponseError) throw error;
    if (error instanceof ControlError) throw asResponse(error);
    onTrouble(`the request "${method}" failed: ${faultText(error)}`);
    throw asResponse(
      new ControlError('internal', `the agent could not answer "${method}": ${error instanceof Error ? error.message : String(error)}`),
    );
  }
}

const codes = {
  unknown_method: ErrorCodes.MethodNotFound,
  invalid: ErrorCodes.InvalidParams,
  not_found: 1,
  not_possible: 2,
  internal: ErrorCodes.InternalError,
};

function asResponse(error: ControlError): ResponseError<{ kind: string }> {
  return new ResponseError(codes[error.kind], shortened(error.message), { kind: error.kind });
}

function shortened(message: string): string {
  return message.length <= refusalLength ? message : `${message.slice(0, refusalLength).toWellFormed()}…`;
}

function readParams<M extends Method>(method: M, params: unknown): ReadParamsOf<M> {
  if (Array.isArray(params)) throw asResponse(new ControlError('invalid', `the request "${method}" needs its parameters by name`));
  const result = v.safeParse(requests[method], params ?? {}, { abortEarly: true });
  if (result.success) return result.output as ReadParamsOf<M>;
  const [issue] = result.issues;
  throw asResponse(new ControlError('invalid', `the request "${method}" is wrong at "${v.getDotPath(issue) ?? ''}": ${issue.message}`));
}

/** Where a watcher gets its changes. */
export interface ScreenOutlet {
  send(delta: ScreenDelta): void;
  /** Returns whether everything has been passed to the system, so that nothing waits here for a client that does not read. */
  hasRead(): boolean;
  /** Ends the connection of a watcher that cannot be served any more. */
  close(reason: string): void;
}

/** A client that watches a window. */
export interface ScreenWatcher {
  /** Replaces the window. If several windows are requested at once, the last one counts and answers all of them. */
  watch(window: ScreenWindow): Promise<ScreenFrame>;
  end(): void;
}

/** Shows windows of the files. */
export interface Screens {
  attach(outlet: ScreenOutlet): ScreenWatcher;
}
