import { type ChildProcess, spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { env as ownEnv } from 'node:process';
import { type Activity, childWord, type Downward, type Upward } from './messages.ts';
import { isDeno, selfCommand } from './self.ts';

/** How a child ended, as far as is known. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last of what it said on standard error. */
  readonly diagnosis: string;
}

export interface ChildOptions<Init, Out> {
  readonly kind: string;
  readonly init: Init;
  readonly env?: Readonly<Record<string, string>>;
  readonly onMessage: (message: Out) => void;
  /** It ended without having been abandoned. */
  readonly onEnd: (end: ChildEnd) => void;
  /** It really is gone, abandoned or not. */
  readonly onGone?: () => void;
}

/** The parent's end. */
export interface Child<In> {
  readonly pid: number;
  /** @returns false where it cannot be reached any more, or does not take what it is sent */
  send(message: In): boolean;
  /** Kills it and hears no more of it. Does not wait: a process inside a hung call gives no exit event. */
  abandon(): void;
  isGone(): boolean;
  /** Monotonic milliseconds, of its last message or heartbeat. */
  lastHeardAt(): number;
  activity(): Activity | null;
}

const limits = { diagnosisBytes: 8_192, queuedMessages: 10_000 } as const;

/** What a child gets of the environment: enough to find its libraries and time zone. */
const passedOn = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'SystemRoot', 'SLUICE_DENO_FLAGS', 'DENO_DIR'] as const;

export function startChild<Init, In, Out>(options: ChildOptions<Init, Out>): Child<In> {
  const child = spawnSelf(options.kind, options.env ?? {});
  let isAbandoned = false;
  let isGone = false;
  let lastHeardAt = performance.now();
  let activity: Activity | null = null;
  let diagnosis = '';
  let queued = 0;

  const sendDown = (downward: Downward<Init, In>): boolean => {
    if (!child.connected || queued >= limits.queuedMessages) return false;
    queued += 1;
    child.send(downward as object, (error) => {
      queued -= 1;
      if (error !== null) child.disconnect?.();
    });
    return true;
  };

  const gone = (code: number | null, signal: string | null): void => {
    if (isGone) return;
    isGone = true;
    if (!isAbandoned) options.onEnd({ code, signal, diagnosis });
    options.onGone?.();
  };

  child.on('message', (upward) => {
    if (isAbandoned) return;
    lastHeardAt = performance.now();
    const heard = upward as Upward<Out>;
    if (heard.is === 'heartbeat') activity = heard.activity;
    else if (heard.is === 'message') options.onMessage(heard.message);
  });
  child.on('exit', gone);
  child.on('error', (error) => {
    diagnosis = `${diagnosis}${error.message}`;
    gone(null, null);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    diagnosis = (diagnosis + text).slice(-limits.diagnosisBytes);
  });
  sendDown({ is: 'init', init: options.init });

  return {
    pid: child.pid ?? 0,
    send: (message) => !isAbandoned && sendDown({ is: 'message', message }),
    abandon() {
      isAbandoned = true;
      child.kill('SIGKILL');
      letGo(child);
    },
    isGone: () => isGone,
    lastHeardAt: () => lastHeardAt,
    activity: () => activity,
  };
}

function spawnSelf(kind: string, extra: Readonly<Record<string, string>>): ChildProcess {
  const { command, args } = selfCommand();
  const env: Record<string, string> = { ...extra };
  for (const name of passedOn) if (ownEnv[name] !== undefined) env[name] = ownEnv[name];
  return spawn(command, [...args, childWord, kind], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: isDeno() ? 'json' : 'advanced',
    windowsHide: true,
    env,
  });
}

/** An abandoned child that never ends must not keep its parent from ending. */
function letGo(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.stderr?.destroy();
  child.unref();
}
