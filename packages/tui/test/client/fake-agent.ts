import {
  type ControlClient,
  Disconnected,
  type LogNote,
  type Method,
  NotRunning,
  type ScreenDelta,
  type ScreenFrame,
  type ScreenWindow,
} from '@sluice/control';
import { frame } from '../sample.ts';

interface Pending {
  readonly method: Method;
  readonly params: unknown;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: Error) => void;
}

/** An agent that the test operates: it notes the requests, and answers when the test says so. */
export class FakeAgent {
  isUp = true;
  /** How often a client tried to connect. */
  attempts = 0;
  /** All connections, newest last. */
  readonly lines: FakeLine[] = [];

  readonly connect = (): Promise<ControlClient> => {
    this.attempts += 1;
    if (!this.isUp) return Promise.reject(new NotRunning(['/state']));
    const line = new FakeLine();
    this.lines.push(line);
    return Promise.resolve(line.client);
  };

  line(): FakeLine {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error('nobody has connected');
    return line;
  }
}

/** One connection. */
export class FakeLine {
  readonly asked: Pending[] = [];
  /** Requests for earlier lines of the log. */
  readonly tails: Pending[] = [];
  /** Questions whether the agent still answers. */
  readonly pings: Pending[] = [];
  isClosed = false;
  private readonly closeListeners: ((why: string) => void)[] = [];
  private onDelta: (delta: ScreenDelta) => void = () => undefined;
  private onNote: (note: LogNote) => void = () => undefined;

  readonly client: ControlClient = {
    stateDir: '/state',
    hello: { v: 1, protocol: 1, pid: 1, version: '0', startedAt: '', stateDir: '/state' },
    request: (method, params) => {
      if (this.isClosed) return Promise.reject(new Disconnected('it has ended'));
      if (method === 'ping')
        return new Promise((resolve, reject) => this.pings.push({ method, params, resolve: resolve as Pending['resolve'], reject }));
      // It is requested once by itself, and must not disturb other tests.
      if (method === 'log')
        return new Promise((resolve, reject) => this.tails.push({ method, params, resolve: resolve as Pending['resolve'], reject }));
      return new Promise((resolve, reject) => void this.asked.push({ method, params, resolve: resolve as Pending['resolve'], reject }));
    },
    watch: (_, listener) => {
      this.onNote = (note) => listener('log', note);
      return Promise.resolve();
    },
    onScreen: (listener) => {
      this.onDelta = listener;
    },
    onClose: (listener) => void this.closeListeners.push(listener),
    close: () => this.goes('it has ended'),
  };

  /** Returns the oldest unanswered request. */
  next(): Pending {
    const [next] = this.asked;
    if (next === undefined) throw new Error('nothing was asked');
    return next;
  }

  windows(): ScreenWindow[] {
    return this.asked.filter(({ method }) => method === 'screen').map(({ params }) => params as ScreenWindow);
  }

  async answers(reply: unknown): Promise<void> {
    const { resolve } = this.next();
    this.asked.shift();
    resolve(reply as never);
    await settled();
  }

  async refuses(error: Error): Promise<void> {
    const { reject } = this.next();
    this.asked.shift();
    reject(error);
    await settled();
  }

  shows(seq: number, ids: readonly string[]): Promise<void> {
    return this.answers(frameOf(seq, ids));
  }

  changes(delta: ScreenDelta): void {
    this.onDelta(delta);
  }

  logs(text: string): void {
    this.onNote({ v: 1, at: '', level: 'info', route: 'ingest', text });
  }

  goes(why: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { reject } of [...this.asked.splice(0), ...this.tails.splice(0)]) reject(new Disconnected(why));
    for (const listener of this.closeListeners) listener(why);
  }
}

export const frameOf = (seq: number, ids: readonly string[]): ScreenFrame => frame(ids, { seq });

/** Returns a delta that puts another file in the first row. */
export function deltaOf(seq: number, id: string): ScreenDelta {
  const [row] = frame([id]).rows.rows;
  if (row === undefined) throw new Error('a frame without a row');
  const rows = { total: 1, matched: 1, offset: 0, count: 1, changed: [{ index: 0, row }] };
  return { v: 1, at: '', seq, parts: {}, rows };
}

/** Resolves when everything that waits only for the event loop has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
