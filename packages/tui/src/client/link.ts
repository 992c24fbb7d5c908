import { ConfigError } from '@sluice/config';
import {
  type ControlClient,
  type Method,
  NotRunning,
  type ParamsOf,
  Refused,
  type Replies,
  type RequestOptions,
  type ScreenWindow,
  TimedOut,
} from '@sluice/control';
import type { Link, LostCause } from '../model/model.ts';
import type { ScreenTime } from '../model/time.ts';
import { AgentConnection, type ConnectionEvents } from './connection.ts';
import { linkLimits } from './limits.ts';

/** The options of a link. */
export interface AgentLinkOptions extends ConnectionEvents {
  /** Finds the agent, wherever it runs now. */
  readonly connect: () => Promise<ControlClient>;
  readonly time: ScreenTime;
  readonly onLink: (link: Link) => void;
}

/** A link to the agent that reconnects when the connection is lost. */
export interface AgentLink {
  /** Shows this window from now on, over every new connection too. Of several windows the newest counts. */
  watchWindow(window: ScreenWindow): void;
  /** Sends a request. @throws Error while there is no agent; ControlError, Disconnected, TimedOut */
  request<M extends Method>(method: M, params: ParamsOf<M>, options?: RequestOptions): Promise<Replies[M]>;
  /** Tries to connect to a lost agent at once, without waiting for the next attempt. */
  again(): void;
  close(): void;
}

/** Opens a link, which begins to connect at once. */
export function openAgentLink(options: AgentLinkOptions): AgentLink {
  const link = new ReconnectingLink(options);
  link.start();
  return link;
}

class ReconnectingLink implements AgentLink {
  readonly #options: AgentLinkOptions;
  /** Null while the agent is lost or not found yet. */
  #connection: AgentConnection | null = null;
  #window: ScreenWindow | null = null;
  /** Since when there has been no connection, by the wall clock. Null while there is one, and before the first attempt has failed. */
  #lostAt: number | null = null;
  #pauseMs: number = linkLimits.againFirstMs;
  /** The next attempt to connect is scheduled, and has not begun. */
  #isWaiting = false;
  #cancelAttempt: () => void = () => undefined;
  #cancelPing: () => void = () => undefined;
  #isClosed = false;

  constructor(options: AgentLinkOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.onLink({ kind: 'connecting' });
    void this.#connect();
  }

  watchWindow(window: ScreenWindow): void {
    this.#window = window;
    this.#askForWindow();
  }

  request<M extends Method>(method: M, params: ParamsOf<M>, options?: RequestOptions): Promise<Replies[M]> {
    if (this.#connection === null) return Promise.reject(new Error('no agent is connected now'));
    return this.#connection.request(method, params, options);
  }

  again(): void {
    this.#pauseMs = linkLimits.againFirstMs;
    if (!this.#isWaiting || this.#isClosed) return;
    this.#cancelAttempt();
    void this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelAttempt();
    this.#cancelPing();
    this.#connection?.close();
    this.#connection = null;
  }

  async #connect(): Promise<void> {
    let connection: AgentConnection | null = null;
    this.#isWaiting = false;
    try {
      connection = new AgentConnection(await this.#options.connect(), this.#events());
      if (!this.#isClosed) await connection.subscribe();
    } catch (error) {
      connection?.close();
      this.#lose(messageOf(error), causeOf(error));
      return;
    }
    if (this.#isClosed) connection.close();
    else this.#use(connection);
  }

  #events(): ConnectionEvents {
    const { onFrame, onLog, onLogged, onRefused } = this.#options;
    return {
      onFrame: (frame) => {
        // Only now, because an agent whose connection breaks before it shows anything must not be tried without a pause.
        this.#pauseMs = linkLimits.againFirstMs;
        onFrame(frame);
      },
      onLog: (note) => {
        if (!this.#isClosed) onLog(note);
      },
      onLogged,
      onRefused,
    };
  }

  #use(connection: AgentConnection): void {
    this.#connection = connection;
    this.#lostAt = null;
    this.#options.onLink({ kind: 'connected' });
    connection.onClose((why) => {
      if (connection === this.#connection) this.#lose(why);
    });
    // The listener of `onLink` may have requested a window already.
    if (!connection.isAsking) this.#askForWindow();
    void connection.askLogged();
    this.#pingLater(connection);
  }

  /** An agent that hangs sends nothing, and neither does one that has nothing to report. */
  #pingLater(connection: AgentConnection): void {
    this.#cancelPing = this.#options.time.after(linkLimits.pingEveryMs, () => void this.#ping(connection));
  }

  async #ping(connection: AgentConnection): Promise<void> {
    try {
      await connection.request('ping', {}, { deadlineMs: linkLimits.pingDeadlineMs });
    } catch (error) {
      if (error instanceof TimedOut && connection === this.#connection) {
        this.#lose(`no answer for ${linkLimits.pingDeadlineMs / 1_000} s`);
        connection.close();
      }
    }
    if (connection === this.#connection) this.#pingLater(connection);
  }

  #askForWindow(): void {
    if (this.#window !== null) this.#connection?.watchWindow(this.#window);
  }

  /** Drops the connection, if there is one, and schedules the next attempt. */
  #lose(why: string, cause: LostCause = 'away'): void {
    this.#cancelPing();
    this.#connection?.drop();
    this.#connection = null;
    if (this.#isClosed) return;
    const { time, onLink } = this.#options;
    this.#lostAt ??= time.now();
    onLink({ kind: 'lost', why, cause, sinceAt: this.#lostAt });
    this.#cancelAttempt = time.after(this.#pauseMs, () => void this.#connect());
    this.#isWaiting = true;
    this.#pauseMs = Math.min(this.#pauseMs * 2, linkLimits.againLastMs);
  }
}

function causeOf(error: unknown): LostCause {
  // Without a configuration that says where the agent would be, none can be found.
  if (error instanceof NotRunning || error instanceof ConfigError) return 'not_running';
  return error instanceof Refused ? 'refused' : 'away';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
