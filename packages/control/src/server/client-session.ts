import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { faultText, wakingClock } from '@sluice/platform';
import * as v from 'valibot';
import { createMessageConnection, ErrorCodes, Message, ResponseError } from 'vscode-jsonrpc/node';
import { ControlError } from '../protocol/errors.ts';
import { encodeFrame, FrameError } from '../protocol/frames.ts';
import { type ControlLimits, memberNameLength, refusalLength } from '../protocol/limits.ts';
import {
  goodbyeMethod,
  isMethod,
  type Method,
  type ReadParamsOf,
  type Replies,
  requests,
  screenMethod,
  type Topic,
  type Who,
} from '../protocol/protocol.ts';
import type { ScreenDelta, ScreenFrame, ScreenWindow } from '../protocol/screen-frame.ts';
import { SocketReader, SocketWriter } from '../protocol/transport.ts';
import { OpenRequests } from './open-requests.ts';
import type { Seat } from './turns.ts';

/** Who asks, for what takes more than a moment. */
export interface Asker {
  /** The system lets only the agent's own user and root reach the socket that this comes from. */
  readonly isOwner: boolean;
  /**
   * Lets others have their turn; for what is done in pieces, between two of them.
   *
   * @throws ControlError where it is not worth going on: the client has left
   */
  pause(): Promise<void>;
}

/** What the agent does for each request. A handler that throws ControlError says no; any other error is the agent's. */
export type ControlHandlers = {
  readonly [M in Exclude<Method, 'watch' | 'unwatch' | 'screen'>]: (
    params: ReadParamsOf<M>,
    asker: Asker,
  ) => Replies[M] | Promise<Replies[M]>;
};

/** What is answered for one client: `screen` depends on who asks. */
type SessionHandlers = ControlHandlers & { readonly screen?: (window: ReadParamsOf<'screen'>) => Promise<Replies['screen']> };

/** One client of the agent, as the server sees it. */
export interface ClientSession {
  wants(topic: Topic, route: string): boolean;
  /** Since when it has asked for nothing and watches nothing, waking milliseconds; null: it does. */
  idleSince(): number | null;
  /** A frame that was encoded once for all. */
  send(frame: Uint8Array): void;
  /** Says why, and hangs up when that was sent, or after `closeMs`. */
  end(reason: string): Promise<void>;
}

interface SessionOptions {
  readonly socket: Socket;
  readonly handlers: ControlHandlers;
  /** Null: nothing is shown. */
  readonly screens: Screens | null;
  readonly limits: ControlLimits;
  /** The client's seat among the members of a group; null: the system lets only the agent's own user and root reach this socket. */
  readonly seat: Seat | null;
  /** An error that is the agent's own, or a client that broke the protocol. */
  readonly onTrouble: (message: string) => void;
  /** A client that broke the protocol was dropped. */
  readonly onDropped: (message: string) => void;
  readonly onEnd: () => void;
}

/** Serves one client. Nothing it sends, or does not read, reaches beyond its own socket. */
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

/** @throws ControlError where the client has left */
async function afterOthers(socket: Socket): Promise<void> {
  await setImmediate();
  if (socket.destroyed) throw new ControlError('not_possible', 'the client has left');
}

/** What a member of the group sends is looked at in turns, and waits in the system while enough of it is worked on. */
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
 * Handlers for a member of the group: the system does not say which one asks, and a client says what it likes. So the
 * journal keeps that the name was not verified.
 */
function unverified(handlers: ControlHandlers): ControlHandlers {
  const asMember = (who: Who): Who => ({ ...who, user: `${asName(who.user)} (not verified)` });
  return {
    ...handlers,
    act: (params, asker) => handlers.act({ ...params, who: asMember(params.who) }, asker),
    steer: (params, asker) => handlers.steer({ ...params, who: asMember(params.who) }, asker),
    stop: (params, asker) => handlers.stop({ ...params, who: asMember(params.who) }, asker),
  };
}

/** One short word or a few: blanks or a long text must not push what follows a name out of sight. */
function asName(text: string): string {
  const plain = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return plain.length <= memberNameLength ? plain : `${plain.slice(0, memberNameLength - 1).toWellFormed()}…`;
}

/** The last word to a client. */
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

/** Clients send requests and nothing else. */
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

/** Where one watcher gets what has changed. */
export interface ScreenOutlet {
  send(delta: ScreenDelta): void;
  /** What was sent is on its way: nothing waits on this side for a client that does not read. */
  hasRead(): boolean;
  /** The watcher cannot be served any more. */
  close(reason: string): void;
}

/** One client that watches a window. */
export interface ScreenWatcher {
  /** Replaces the window. Of several that are asked for at once the last one counts, and answers all of them. */
  watch(window: ScreenWindow): Promise<ScreenFrame>;
  end(): void;
}

/** Shows windows of the files. */
export interface Screens {
  attach(outlet: ScreenOutlet): ScreenWatcher;
}
