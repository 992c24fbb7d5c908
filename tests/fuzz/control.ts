import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { type Prng, rawClient } from '@sluice/testkit';
import { createFrameDecoder, encodeFrame } from '../../packages/control/src/protocol/frames.ts';
import { assertClear } from './clear.ts';
import { anyValue, mutateBytes, mutateValue, oddTexts, randomBytes } from './mutate.ts';

/** What one client sends, and how. */
export interface Conversation {
  /** The pieces, as they are written. */
  readonly chunks: readonly Buffer[];
  /**
   * The ids that have to be answered, once each, because their messages are complete. Null: the server may close the connection
   * instead.
   */
  readonly ids: readonly (string | number)[] | null;
  /** What the client does at the end. */
  readonly end: 'waits' | 'leaves' | 'closes' | 'never reads';
}

const who = { user: 'ann', origin: '192.0.2.7', reason: 'a test' };
const window = { tab: 'files', filter: '', sort: 'newest', isReversed: false, hideRecovered: false, offset: 0, limit: 20, anchor: null };

/** Every request with valid parameters. */
const examples: readonly (readonly [method: string, params: object])[] = [
  ['ping', {}],
  ['status', {}],
  ['files', { statuses: ['READY', 'FAILED'], route: 'a', all: true, limit: 20, before: null }],
  ['show', { file: 'clip*' }],
  ['history', { file: '*.mxf', since: '2026-01-01T00:00:00Z', outages: false, limit: 10, before: { endedAt: 1, id: 'x' } }],
  ['history', { outages: true }],
  ['act', { do: 'retry', files: ['clip 1.mxf', '*', '00000001'], who }],
  ['act', { do: 'first', files: ['clip 2.mxf'], who }],
  ['steer', { do: 'hold', routes: ['a', 'b'], until: '2027-01-01T00:00:00Z', who }],
  ['steer', { do: 'release', routes: null, until: null, who }],
  ['steer', { do: 'remove_leftovers', routes: ['a'], until: null, who }],
  ['leftovers', { route: null, looks: false }],
  ['prune', { before: '2020-01-01T00:00:00Z', who }],
  ['clear', { route: 'nowhere', folder: null, dryRun: true, who }],
  ['evidence', { route: 'nowhere' }],
  ['watch', { topics: ['log', 'gate'], route: null }],
  ['screen', window],
  ['log', { limit: 10 }],
  ['log', { limit: 10, before: 100, after: null }],
  ['log', { after: 0 }],
  ['settings', {}],
  ['unwatch', {}],
];

/** Returns a conversation. @param maxBytes of a message that the server accepts */
export function conversationBy(chance: Prng, maxBytes: number): Conversation {
  const requests = Array.from({ length: chance.pick([1, 1, 2, 5, 12]) }, (_, at) => requestBy(chance, at + 1));
  const kind = chance.between(0, 9);
  const frames = requests.map(encodeFrame);
  const whole = Buffer.concat(frames);
  const isTaken = frames.every((frame) => frame.length < maxBytes);
  if (kind <= 4 && isTaken)
    return { chunks: pieces(chance, whole), ids: requests.map(({ id }) => id), end: chance.pick(['waits', 'waits', 'leaves']) };
  const end = chance.pick(['leaves', 'leaves', 'leaves', 'closes', 'closes', 'never reads'] as const);
  return { chunks: pieces(chance, broken(chance, kind, requests, whole)), ids: null, end };
}

interface Request {
  readonly jsonrpc: '2.0';
  readonly id: string | number;
  readonly method: string;
  readonly params?: unknown;
}

function requestBy(chance: Prng, at: number): Request {
  const id = chance.chance(0.8) ? at : `${chance.pick(oddTexts)}#${at}`.slice(0, 64);
  const [method, params] = chance.pick(examples);
  const odd = chance.chance(0.1) ? chance.pick([...oddTexts, 'ping ', '$/cancelRequest', '$/setTrace', 'goodbye', 'initialize']) : method;
  if (chance.chance(0.05)) return { jsonrpc: '2.0', id, method: odd };
  return { jsonrpc: '2.0', id, method: odd, params: chance.chance(0.2) ? params : mutateValue(chance, params) };
}

function broken(chance: Prng, kind: number, requests: readonly Request[], whole: Buffer): Buffer {
  if (kind === 5) return mutateBytes(chance, whole);
  if (kind === 6) return Buffer.concat(requests.map((request) => encodeFrame(objectOf(mutateValue(chance, request)))));
  if (kind === 7) return Buffer.concat([whole, Buffer.from(oddFrame(chance), 'latin1'), whole]);
  if (kind === 8) return Buffer.concat([oddMessage(chance), whole]);
  // More at once than may be open.
  return Buffer.concat(Array.from({ length: chance.between(2, 40) }, (_, at) => encodeFrame({ ...requests[0], id: `f${at}` })));
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : [value];
}

function oddFrame(chance: Prng): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'odd', method: 'ping' });
  const length = chance.pick(['-1', '0', '1e3', '99999999999999999999', '0x10', '65537', '1048577', ' 5', '5 5', '', `${body.length - 1}`]);
  return chance.pick([
    `Content-Length: ${length}\r\n\r\n${body}`,
    `Content-Length: ${body.length}\r\nContent-Length: ${length}\r\n\r\n${body}`,
    `Content-Length: ${body.length}\n\n${body}`,
    `Content-Type: ${'x'.repeat(chance.pick([1, 200, 5_000]))}\r\n\r\n${body}`,
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    randomBytes(chance, chance.between(1, 400)).toString('latin1'),
    `Content-Length: 60000\r\n\r\n${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    `Content-Length: 50000\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"ping","params":${'['.repeat(chance.between(1, 24_000))}`,
  ]);
}

function oddMessage(chance: Prng): Buffer {
  const message = chance.pick([
    [{ jsonrpc: '2.0', id: 1, method: 'ping' }],
    { jsonrpc: '2.0', method: 'ping' },
    { jsonrpc: '2.0', id: 1, result: 1 },
    { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'x' } },
    { jsonrpc: '2.0', id: null, method: 'ping' },
    { jsonrpc: '2.0', id: 1.5, method: 'ping' },
    { jsonrpc: '2.0', id: 1, method: 'ping', result: 1, error: {} },
    { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 1 } },
    { jsonrpc: '2.0', id: 1, method: 'x'.repeat(65) },
    objectOf(anyValue(chance)),
  ]);
  return encodeFrame(message);
}

/** The same bytes, cut at any place. */
function pieces(chance: Prng, whole: Buffer): readonly Buffer[] {
  const cuts = Array.from({ length: chance.pick([0, 0, 1, 3, 10]) }, () => chance.between(0, whole.length)).sort((a, b) => a - b);
  return [...cuts, whole.length].map((cut, at) => whole.subarray(cuts[at - 1] ?? 0, cut));
}

const replyBytes = 67_108_864;
const maxMessage = 2_100;

/**
 * Holds a conversation, and checks the answers.
 * @throws Error that says what was wrong with them
 */
export async function converse(address: string, { chunks, ids, end }: Conversation, limitMs: number): Promise<void> {
  const socket = await rawClient(address);
  const decoder = createFrameDecoder(replyBytes);
  const replies: Reply[] = [];
  // A client that writes to a closed connection gets an error, which does not count.
  const isGone = new Promise<boolean>((resolve) => void socket.once('close', () => resolve(true)));
  if (end === 'never reads') socket.pause();
  else socket.on('data', (chunk: Buffer) => void replies.push(...(decoder.push(chunk) as Reply[])));
  for (const chunk of chunks) {
    if (!socket.destroyed) socket.write(chunk);
    if (chunks.length > 1) await turn();
  }
  try {
    if (end === 'waits') await answered(replies, ids ?? [], isGone, limitMs);
    if (end === 'closes') {
      socket.end();
      await Promise.race([
        isGone,
        pause(limitMs, null, { ref: false }).then(() => Promise.reject(new Error('the server does not hang up'))),
      ]);
    }
    if (end === 'never reads') await turn();
  } finally {
    socket.destroy();
    await isGone;
  }
  for (const reply of replies) assertReply(reply);
}

interface Reply {
  readonly jsonrpc?: unknown;
  readonly id?: string | number | null;
  readonly method?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

async function answered(
  replies: readonly Reply[],
  ids: readonly (string | number)[],
  isGone: Promise<boolean>,
  limitMs: number,
): Promise<void> {
  let gone = false;
  void isGone.then(() => (gone = true));
  const endsAt = performance.now() + limitMs;
  const open = (): (string | number)[] => ids.filter((id) => !replies.some((reply) => reply.id === id && reply.method === undefined));
  while (open().length > 0) {
    if (gone)
      throw new Error(`the server hung up on whole requests: ${JSON.stringify(open())} ${JSON.stringify(replies.slice(-1)).slice(0, 300)}`);
    if (performance.now() > endsAt) throw new Error(`not answered within ${limitMs} ms: ${JSON.stringify(open())}`);
    await pause(1);
  }
  for (const id of ids) if (replies.filter((reply) => reply.id === id).length > 1) throw new Error(`answered twice: ${JSON.stringify(id)}`);
}

const internalError = -32_603;

function assertReply(reply: Reply): void {
  const shown = JSON.stringify(reply).slice(0, 500);
  if (reply.jsonrpc !== '2.0') throw new Error(`an answer that is none: ${shown}`);
  if (reply.method !== undefined) return;
  if ((reply.result === undefined) === (reply.error === undefined))
    throw new Error(`an answer with a result and an error, or neither: ${shown}`);
  if (reply.error === undefined) return;
  if (reply.error.code === internalError) throw new Error(`the agent could not answer: ${shown}`);
  assertClear(String(reply.error.message).replace(/\p{Cc}/gu, '?'), maxMessage);
}
