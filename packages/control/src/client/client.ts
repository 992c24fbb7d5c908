import type { Socket } from 'node:net';
import { wakingClock } from '@sluice/platform';
import { createMessageConnection, type Message, type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import { Disconnected, Misunderstood, refusalOf, TimedOut } from '../protocol/errors.ts';
import { goodbyeMethod, screenMethod } from '../protocol/events.ts';
import { FrameError } from '../protocol/frames.ts';
import { controlLimits, replyBytes, requestDeadlineMs } from '../protocol/limits.ts';
import { type Method, type Notes, type ParamsOf, type Replies, type ScreenNote, type Topic } from '../protocol/protocol.ts';
import type { HelloJson } from '../protocol/replies.ts';
import { noteShapes, pageTrouble, replyShapes } from '../protocol/shapes.ts';
import { SocketReader, SocketWriter } from '../protocol/socket-streams.ts';
import { shapeTrouble } from '../protocol/status-shapes.ts';
import { openSocket } from './socket.ts';

/** Which agent to connect to. */
export interface ConnectOptions {
  readonly stateDir: string;
  /** For the connection and its first answer, in milliseconds. */
  readonly deadlineMs: number;
}

/** How long a request may take. */
export interface RequestOptions {
  /** Milliseconds; 10 s by default. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** A connection to a running agent. */
export interface ControlClient {
  readonly stateDir: string;
  /** What the agent said about itself. */
  readonly hello: HelloJson;
  /**
   * Sends a request and waits for the reply.
   * @throws ControlError if the agent refuses it
   * @throws TimedOut if the answer does not come in time
   * @throws Disconnected if the connection ends
   */
  request<M extends Method>(method: M, params: ParamsOf<M>, options?: RequestOptions): Promise<Replies[M]>;
  /** Subscribes to notes, and replaces an earlier subscription. Notes that came before the reply are passed on too. */
  watch(params: ParamsOf<'watch'>, onNote: <T extends Topic>(topic: T, note: Notes[T]) => void): Promise<void>;
  /** Sets the listener for changes in the window that was requested with `screen`. It replaces an earlier one. */
  onScreen(listener: (note: ScreenNote) => void): void;
  /** Calls the listener once with the reason when the connection ends; at once if it has ended already. */
  onClose(listener: (why: string) => void): void;
  close(): void;
}

/**
 * Connects to the agent of a state folder.
 * @throws NotRunning if no agent answers
 * @throws Refused if the socket does not admit this user
 * @throws TimedOut if the agent does not answer in time
 */
export async function connectControl({ stateDir, deadlineMs }: ConnectOptions): Promise<ControlClient> {
  const end = wakingClock.now() + deadlineMs;
  const socket = await openSocket(stateDir, deadlineMs);
  const session = startClient(socket, stateDir);
  try {
    const left = Math.max(1, Math.round(end - wakingClock.now()));
    const hello = await session.request('ping', {}, { deadlineMs: left });
    return { ...session, stateDir, hello };
  } catch (error) {
    session.close();
    throw error;
  }
}

type Session = Omit<ControlClient, 'stateDir' | 'hello'>;

function startClient(socket: Socket, stateDir: string): Session {
  const reader = new SocketReader(socket, { maxBytes: replyBytes, deadlineMs: requestDeadlineMs, check: asMessage });
  const writer = new SocketWriter(socket, controlLimits.messageBytes * 2);
  const connection = createMessageConnection(reader, writer);
  const closing = closeNotice(socket, connection);
  let onNote: (topic: Topic, note: Notes[Topic]) => void = () => undefined;
  let onScreen: (note: ScreenNote) => void = () => undefined;
  connection.onNotification((method: string, params: unknown) => {
    const shape = Object.hasOwn(noteShapes, method) ? noteShapes[method] : undefined;
    // A newer agent may send messages that this program does not know.
    if (shape === undefined) return;
    const trouble = shapeTrouble(shape, params);
    if (trouble !== null) {
      closing.say(new Misunderstood(stateDir, `"${method}"`, trouble).message);
      socket.destroy();
    } else if (method === goodbyeMethod) closing.say((params as { readonly reason: string }).reason);
    else if (method === screenMethod) onScreen(params as ScreenNote);
    else onNote(method as Topic, params as Notes[Topic]);
  });
  connection.listen();

  const request: Session['request'] = (method, params, options = {}) => {
    if (closing.why() !== null) return Promise.reject(new Disconnected(closing.why() ?? ''));
    return answered(connection, method, params, options, closing.why).then((reply) => {
      const trouble = shapeTrouble(replyShapes[method], reply) ?? pageTrouble(params, reply);
      if (trouble !== null) throw new Misunderstood(stateDir, `"${method}"`, trouble);
      return reply;
    });
  };
  return {
    request,
    watch: async (params, listener) => {
      onNote = listener as typeof onNote;
      await request('watch', params);
    },
    onScreen: (listener) => {
      onScreen = listener;
    },
    onClose: closing.onClose,
    close: () => socket.destroy(),
  };
}

function closeNotice(socket: Socket, connection: MessageConnection) {
  const listeners: ((why: string) => void)[] = [];
  let said: string | null = null;
  let why: string | null = null;
  socket.on('error', (error) => {
    said ??= error.message;
  });
  socket.on('close', () => {
    why = said ?? 'it has ended';
    connection.dispose();
    for (const listener of listeners) listener(why);
  });
  return {
    say: (reason: string) => {
      said = reason;
    },
    why: () => why,
    onClose: (listener: (why: string) => void) => {
      if (why === null) listeners.push(listener);
      else listener(why);
    },
  };
}

async function answered<M extends Method>(
  connection: MessageConnection,
  method: M,
  params: ParamsOf<M>,
  { deadlineMs = requestDeadlineMs, signal }: RequestOptions,
  why: () => string | null,
): Promise<Replies[M]> {
  signal?.throwIfAborted();
  let stopWaiting = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    const callOff = wakingClock.after(deadlineMs, () => reject(new TimedOut(`"${method}"`, deadlineMs)));
    const abort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    stopWaiting = () => {
      callOff();
      signal?.removeEventListener('abort', abort);
    };
  });
  const reply = connection.sendRequest<Replies[M]>(method, params).catch((error: unknown) => {
    throw asError(error, why());
  });
  return Promise.race([reply, givenUp]).finally(() => stopWaiting());
}

function asError(error: unknown, why: string | null): Error {
  const refused = error instanceof ResponseError ? refusalOf(error) : null;
  return refused ?? new Disconnected(why ?? (error instanceof Error ? error.message : String(error)));
}

function asMessage(message: unknown): Message {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) throw new FrameError('not a valid message');
  return message as Message;
}
