import type { Socket } from 'node:net';
import { wakingClock } from '@sluice/platform';
import { Disconnected, Misunderstood, refusalOf, TimedOut } from '../protocol/errors.ts';
import { goodbyeMethod } from '../protocol/events.ts';
import { createFrameDecoder, encodeFrame, FrameError } from '../protocol/frames.ts';
import { replyBytes } from '../protocol/limits.ts';
import type { Replies } from '../protocol/protocol.ts';
import { type Question, questionShapes, shapeTrouble } from '../protocol/status-shapes.ts';
import type { ConnectOptions } from './client.ts';
import { firstAgent, type WhichAgent } from './find-agent.ts';
import { openSocket } from './socket.ts';

/**
 * Asks the first agent that answers. Use it in a process that has a single question: `connectAgent` loads a library for JSON-RPC,
 * which takes as long as all that this question needs. The connection does not keep the process from ending, and ends with it.
 * @param deadlineMs for each connection, and for the answer
 * @throws NotRunning, Refused, TimedOut, Disconnected, ControlError, ConfigError
 */
export async function askAgent<Q extends Question>(question: Q, which: WhichAgent, deadlineMs: number): Promise<Replies[Q]> {
  return await firstAgent(which, (stateDir) => ask(question, { stateDir, deadlineMs }));
}

async function ask<Q extends Question>(question: Q, { stateDir, deadlineMs }: ConnectOptions): Promise<Replies[Q]> {
  const socket = await openSocket(stateDir, deadlineMs);
  try {
    const reply = await replyTo(question, socket, deadlineMs);
    const trouble = shapeTrouble(questionShapes[question], reply);
    if (trouble !== null) throw new Misunderstood(stateDir, `"${question}"`, trouble);
    return reply as Replies[Q];
  } finally {
    // To destroy it, Node opens standard error, which takes a millisecond.
    socket.unref();
  }
}

/** What an agent sends: a reply, a refusal or an event. */
interface Sent {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly reason?: unknown } | null;
  readonly result?: unknown;
  readonly error?: { readonly message?: unknown; readonly data?: unknown } | null;
}

const id = 1;

/** @throws TimedOut, Disconnected, ControlError */
function replyTo(question: Question, socket: Socket, deadlineMs: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const decoder = createFrameDecoder(replyBytes);
  let why = 'it has ended';
  const take = (message: unknown) => {
    const { id: of, method, params, result, error } = sentBy(message);
    if (method === goodbyeMethod && typeof params?.reason === 'string') why = params.reason;
    else if (of !== id || method !== undefined) return;
    else if (error === undefined || error === null) resolve(result);
    else reject(refusalOf(error) ?? new Disconnected(String(error.message)));
  };
  const callOff = wakingClock.after(deadlineMs, () => reject(new TimedOut(`"${question}"`, deadlineMs)));
  socket.on('error', (error) => {
    why = error.message;
  });
  socket.on('close', () => reject(new Disconnected(why)));
  socket.on('data', (chunk) => {
    try {
      for (const message of decoder.messages(chunk)) take(message);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new FrameError(String(error)));
    }
  });
  socket.write(encodeFrame({ jsonrpc: '2.0', id, method: question, params: {} }));
  return promise.finally(callOff);
}

function sentBy(message: unknown): Sent {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) throw new FrameError('not a valid message');
  return message;
}
