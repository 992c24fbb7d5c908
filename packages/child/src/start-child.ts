import { type ChildProcess, spawn } from 'node:child_process';
import { env as ownEnv } from 'node:process';
import { inspect } from 'node:util';
import { childCommand, errnoOf, identifyProcess, isPacked, type ProcessIdentity, wakingClock } from '@sluice/platform';
import { limits } from './limits.ts';
import { type Activity, childWord, type Downward, isUpward } from './messages.ts';
import { createOutbox } from './outbox.ts';
import type { Check } from './shape.ts';

/** How a child ended, as far as is known. Neither a code nor a signal: it could not be started. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of its standard error. */
  readonly diagnosis: string;
}

/** What a parent sets for a child. */
export interface ChildOptions<Init, Out> {
  readonly kind: string;
  readonly init: Init;
  /** Variables in addition to the few that every child gets. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Checks whether a message is one that this kind of child sends. A child that sends anything else is killed, and `onEnd` says
   * why.
   */
  readonly accepts: Check;
  readonly onMessage: (message: Out) => void;
  /** Called after its last message if it ended without having been abandoned. */
  readonly onEnd: (end: ChildEnd) => void;
  /** Called when the process has really ended, abandoned or not. May never be called: a process inside a hung call does not end. */
  readonly onGone?: () => void;
  /** Called when it no longer reads its messages: once, and again only after it has read something. */
  readonly onClogged?: (queued: { readonly messages: number; readonly bytes: number }) => void;
}

/** The parent's end of the channel. */
export interface Child<In> {
  /** 0 if it could not be started; `onEnd` follows. */
  readonly pid: number;
  /** The number of this child among those of this process. Never used twice. */
  readonly generation: number;
  /** How a later life of the agent recognizes it. Null if the system has no identities. */
  readonly identity: ProcessIdentity | null;
  /** Sends a message. @returns false if the child cannot be reached any more, or does not read */
  send(message: In): boolean;
  /** Kills it and ignores its messages, but not its end. Does not wait. */
  kill(): void;
  /** Kills it and ignores everything from it. Does not wait: a process inside a hung call gives no exit event. */
  abandon(): void;
  /** Returns true only after the process has really ended. */
  isGone(): boolean;
  /** Returns when its last message or heartbeat was read. Milliseconds of the waking clock: a pause of this process does not count. */
  lastHeardAt(): number;
  /** Returns what it last reported to be doing. */
  activity(): Activity | null;
  /** Returns the end of its standard error. */
  diagnosis(): string;
}

/** The environment variables that a child inherits: enough to find its libraries and time zone. */
const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'SystemRoot',
  'windir',
  'SLUICE_DENO_FLAGS',
  'SLUICE_STACK',
  'DENO_DIR',
] as const;

/** When the program runs from its sources, most of the start of a child is compilation. The executable contains compiled code. */
const passedOnBySources = [...passedOn, 'NODE_COMPILE_CACHE'] as const;

/** On one line, and only a small part of a value that may be large. */
const inBrief = { breakLength: Number.POSITIVE_INFINITY, depth: 3, maxArrayLength: 5, maxStringLength: 80 } as const;
/** A child compares this with its own version: the program's file may have been replaced meanwhile. */
const parentVersionVariable = 'SLUICE_PARENT_VERSION';

let programVersion: string | null = null;

/** Sets the version of this program. Children that are started from now on refuse to serve a parent of another version. */
export function setProgramVersion(version: string): void {
  programVersion = version;
}

let generations = 0;

/** Starts this program as a child of the given kind. If that fails, `onEnd` says why. */
export function startChild<Init, In, Out>(options: ChildOptions<Init, Out>): Child<In> {
  generations += 1;
  const generation = generations;
  const child = spawnSelf(options.kind, options.env ?? {});
  if (child instanceof Error) return neverStarted(options, generation, startFailure(child, childCommand().argv0));
  const outbox = createOutbox<In>(child, bundleOf, options.onClogged ?? (() => {}));
  let isHeard = true;
  let isAbandoned = false;
  let isGone = false;
  let lastHeardAt = wakingClock.now();
  let activity: Activity | null = null;
  let diagnosis = '';

  const gone = (code: number | null, signal: string | null): void => {
    if (isGone) return;
    isGone = true;
    if (!isAbandoned) options.onEnd({ code, signal, diagnosis });
    options.onGone?.();
  };

  const hear = (upward: unknown): void => {
    if (!isHeard) return;
    lastHeardAt = wakingClock.now();
    if (!isUpward<Out>(upward, options.accepts)) {
      diagnosis = `it sent what the ${options.kind} process never sends: ${inspect(upward, inBrief).slice(0, limits.strangeLength)}`;
      kill();
    } else if (upward.is === 'heartbeat') activity = upward.activity;
    else if (upward.is === 'messages') for (const message of upward.messages) options.onMessage(message);
  };
  child.on('message', (upward) => oneByOne(upward).forEach(hear));
  // Its last messages and error output may come after the exit itself. A grandchild may hold its standard error open.
  child.on('close', gone);
  child.on('exit', (code, signal) => {
    if (isAbandoned) gone(code, signal);
    else wakingClock.after(limits.lastWordsMs, () => gone(code, signal), false);
  });
  child.on('error', (error) => {
    // Without a pid it was never started. Any other error comes from a channel that closed, and the end of the child follows.
    const said = child.pid === undefined ? startFailure(error, childCommand().argv0) : error.message;
    diagnosis = `${diagnosis}${said}`.slice(-limits.diagnosisBytes);
    if (child.pid === undefined) gone(null, null);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    diagnosis = (diagnosis + text).slice(-limits.diagnosisBytes);
  });
  child.stderr?.on('error', () => {});
  child.send({ is: 'init', init: options.init } satisfies Downward<Init, In>, () => undefined);

  const kill = (): void => {
    isHeard = false;
    child.kill('SIGKILL');
  };

  return {
    pid: child.pid ?? 0,
    generation,
    identity: child.pid === undefined ? null : identifyProcess(child.pid),
    send: (message) => isHeard && outbox.send(message),
    kill,
    abandon() {
      isAbandoned = true;
      kill();
      detach(child);
    },
    isGone: () => isGone,
    lastHeardAt: () => lastHeardAt,
    activity: () => activity,
    diagnosis: () => diagnosis,
  };
}

/** Makes one message of those that are sent in one event-loop turn. */
function bundleOf<In>(messages: readonly In[]): Downward<never, In> {
  return { is: 'messages', messages };
}

/** Splits a bundle, so that each message is checked separately and a wrong one does not affect those before it. */
function oneByOne(upward: unknown): readonly unknown[] {
  const { is, messages } = (typeof upward === 'object' && upward !== null ? upward : {}) as { is?: unknown; messages?: unknown };
  return is === 'messages' && Array.isArray(messages) ? messages.map((message) => ({ is, messages: [message] })) : [upward];
}

/** @returns an error if the system refused at once; a later refusal comes as an event */
function spawnSelf(kind: string, extra: Readonly<Record<string, string>>): ChildProcess | Error {
  const { command, args, argv0 } = childCommand();
  const env: Record<string, string> = { ...extra, ...(programVersion === null ? {} : { [parentVersionVariable]: programVersion }) };
  for (const name of isPacked() ? passedOn : passedOnBySources) if (ownEnv[name] !== undefined) env[name] ??= ownEnv[name];
  try {
    return spawn(command, [...args, childWord, kind], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Every message is plain JSON data. The other format of Node takes twice the processor time.
      serialization: 'json',
      windowsHide: true,
      argv0,
      env,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function neverStarted<Init, In, Out>(options: ChildOptions<Init, Out>, generation: number, diagnosis: string): Child<In> {
  const bornAt = wakingClock.now();
  let isAbandoned = false;
  setImmediate(() => {
    if (!isAbandoned) options.onEnd({ code: null, signal: null, diagnosis });
    options.onGone?.();
  });
  return {
    pid: 0,
    generation,
    identity: null,
    send: () => false,
    kill() {},
    abandon() {
      isAbandoned = true;
    },
    isGone: () => true,
    lastHeardAt: () => bornAt,
    activity: () => null,
    diagnosis: () => diagnosis,
  };
}

/** An abandoned child that never ends must not keep its parent from ending. */
function detach(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.stderr?.destroy();
  child.unref();
}

/**
 * Returns why a child could not be started, and what to do. Only Linux starts children from the open file of the program; on other
 * systems the program has to be at its path.
 * @param command the program that was to be started
 */
export function startFailure(error: Error, command: string): string {
  const code = errnoOf(error);
  switch (code) {
    case 'ENOENT':
      return `${command} no longer exists (ENOENT): put the program back, or restart the agent with the program that is installed now`;
    case 'EACCES':
    case 'EPERM':
      return `${command} can no longer be executed (${code})`;
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
      return `the system refuses to start more processes (${code})`;
    default:
      return error.message;
  }
}
