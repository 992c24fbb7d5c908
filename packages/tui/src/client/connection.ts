import {
  applyDelta,
  type ControlClient,
  ControlError,
  type LogNote,
  type Method,
  type ParamsOf,
  type Replies,
  type RequestOptions,
  type ScreenDelta,
  type ScreenFrame,
  type ScreenWindow,
} from '@sluice/control';
import { linkLimits } from './limits.ts';

/** The events of a connection. */
export interface ConnectionEvents {
  readonly onFrame: (frame: ScreenFrame) => void;
  readonly onLog: (note: LogNote) => void;
  /** The newest lines of the log so far, oldest first. `onLog` may have reported some of them already. */
  readonly onLogged: (notes: readonly LogNote[]) => void;
  /** Why the agent refused a request, in words. */
  readonly onRefused: (why: string) => void;
}

/** One connection to the agent, from the first subscription to its loss: keeps the frame of one window up to date. */
export class AgentConnection {
  readonly #client: ControlClient;
  readonly #events: ConnectionEvents;
  #window: ScreenWindow | null = null;
  /** The last frame that was shown, with the deltas since. */
  #frame: ScreenFrame | null = null;
  #isAsking = false;
  /** The window changed, or a delta did not fit, while a request was under way. */
  #mustAskAgain = false;
  /** The link has dropped this connection, so answers that arrive later are ignored. */
  #isOver = false;

  constructor(client: ControlClient, events: ConnectionEvents) {
    this.#client = client;
    this.#events = events;
  }

  /** Whether a request for a frame is under way. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Subscribes to changes of the frame and to the log. @throws ControlError, Disconnected, TimedOut */
  async subscribe(): Promise<void> {
    this.#client.onScreen((delta) => this.#applyDelta(delta));
    await this.#client.watch({ topics: ['log'] }, (_, note) => this.#events.onLog(note as LogNote));
  }

  /**
   * Sets the listener for the end of the connection.
   * @param listener called once, with the reason; at once if the connection has closed already
   */
  onClose(listener: (why: string) => void): void {
    this.#client.onClose(listener);
  }

  /** Requests this window, now or after the request that is under way. Of several windows the newest counts. */
  watchWindow(window: ScreenWindow): void {
    this.#window = window;
    this.#ask();
  }

  /** Requests earlier log lines. To be called once, after `subscribe`, so that no line is missed in between. */
  async askLogged(): Promise<void> {
    try {
      const { notes } = await this.#client.request('log', { limit: linkLimits.logged });
      if (!this.#isOver) this.#events.onLogged(notes);
    } catch (error) {
      // An older agent does not know the request, and `onClose` reports a connection that breaks.
      const isRefusal = error instanceof ControlError && error.kind !== 'unknown_method';
      if (!this.#isOver && isRefusal) this.#events.onRefused(error.message);
    }
  }

  request<M extends Method>(method: M, params: ParamsOf<M>, options?: RequestOptions): Promise<Replies[M]> {
    return this.#client.request(method, params, options);
  }

  /** Ignores every answer and delta from now on. */
  drop(): void {
    this.#isOver = true;
  }

  close(): void {
    this.#client.close();
    this.drop();
  }

  #ask(): void {
    if (this.#window === null) return;
    this.#mustAskAgain = this.#isAsking;
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#askFor(this.#window);
  }

  async #askFor(window: ScreenWindow): Promise<void> {
    try {
      const frame = await this.#client.request('screen', window);
      if (!this.#isOver) this.#show(frame);
    } catch (error) {
      if (this.#isOver) return;
      // The agent hangs or has ended. Either way the link needs another connection. A refusal is a valid answer.
      if (!(error instanceof ControlError)) {
        this.#client.close();
        return;
      }
      this.#events.onRefused(error.message);
    }
    if (this.#isOver) return;
    this.#isAsking = false;
    if (this.#mustAskAgain) this.#ask();
  }

  #show(frame: ScreenFrame): void {
    this.#frame = frame;
    this.#events.onFrame(frame);
  }

  #applyDelta(delta: ScreenDelta): void {
    if (this.#isOver) return;
    // A delta for a frame that never arrived, or for an older one, is part of the next complete frame.
    if (this.#frame === null || delta.seq <= this.#frame.seq) return;
    const changed = applyDelta(this.#frame, delta);
    if (changed !== null) this.#show(changed);
    else this.#ask();
  }
}
