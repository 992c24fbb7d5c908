import { ConfigError } from '@sluice/config';
import {
  applyDelta,
  type ControlClient,
  ControlError,
  type LogNote,
  type Method,
  NotRunning,
  type ParamsOf,
  Refused,
  type Replies,
  type RequestOptions,
  type ScreenDelta,
  type ScreenFrame,
  type ScreenWindow,
} from '@sluice/control';
import type { Link, LostCause } from '../model/model.ts';
import type { ScreenTime } from '../model/time.ts';
import { linkLimits } from './limits.ts';

export interface AgentLinkOptions {
  /** Finds the agent, wherever it is by now. */
  readonly connect: () => Promise<ControlClient>;
  readonly time: ScreenTime;
  readonly onLink: (link: Link) => void;
  readonly onFrame: (frame: ScreenFrame) => void;
  readonly onLog: (note: LogNote) => void;
  /** The newest that was logged before, oldest first; of some of it `onLog` may have told already. */
  readonly onLogged: (notes: readonly LogNote[]) => void;
  /** What the agent refuses to show, in words. */
  readonly onRefused: (why: string) => void;
}

/** The line to the agent, that finds it again when it went away. */
export interface AgentLink {
  /** The window that is wanted from now on, over every new connection too. Of several the newest counts. */
  look(window: ScreenWindow): void;
  /** @throws Error while there is no agent; ControlError, Disconnected, TimedOut */
  request<M extends Method>(method: M, params: ParamsOf<M>, options?: RequestOptions): Promise<Replies[M]>;
  /** Looks for a lost agent at once. */
  again(): void;
  close(): void;
}

/** Begins to connect at once. */
export function openAgentLink({ connect, time, onLink, onFrame, onLog, onLogged, onRefused }: AgentLinkOptions): AgentLink {
  let client: ControlClient | null = null;
  let wanted: ScreenWindow | null = null;
  let frame: ScreenFrame | null = null;
  /** An answer to a window is under way; another one is wanted by then. */
  let isAsking = false;
  let isWantedAgain = false;
  let lostAt: number | null = null;
  let pauseMs: number = linkLimits.againFirstMs;
  let isClosed = false;
  /** It is lost, and was not looked for again yet. */
  let isWaiting = false;
  let stopWaiting: () => void = () => undefined;

  const lose = (why: string, cause: LostCause = 'away'): void => {
    client = null;
    frame = null;
    isAsking = false;
    isWantedAgain = false;
    if (isClosed) return;
    lostAt ??= time.now();
    onLink({ kind: 'lost', why, cause, sinceAt: lostAt });
    stopWaiting = time.after(pauseMs, () => void begin());
    isWaiting = true;
    pauseMs = Math.min(pauseMs * 2, linkLimits.againLastMs);
  };
  const begin = async (): Promise<void> => {
    let fresh: ControlClient | null = null;
    isWaiting = false;
    try {
      fresh = await connect();
      if (!isClosed) await greet(fresh);
    } catch (error) {
      fresh?.close();
      lose(messageOf(error), causeOf(error));
      return;
    }
    if (isClosed) fresh.close();
    else take(fresh);
  };
  const greet = async (fresh: ControlClient): Promise<void> => {
    fresh.onScreen((delta) => {
      if (fresh === client) change(delta);
    });
    await fresh.watch({ topics: ['log'] }, (_, note) => {
      if (!isClosed) onLog(note as LogNote);
    });
  };
  const take = (fresh: ControlClient): void => {
    client = fresh;
    lostAt = null;
    onLink({ kind: 'connected' });
    fresh.onClose((why) => {
      if (fresh === client) lose(why);
    });
    // Whoever heard of the new line may have asked already.
    if (!isAsking) ask();
    void askLogged(fresh);
  };
  /** Once a line, and only after the watch has begun: then nothing falls between the two. */
  const askLogged = async (asked: ControlClient): Promise<void> => {
    try {
      const { notes } = await asked.request('log', { limit: linkLimits.logged });
      if (asked === client) onLogged(notes);
    } catch (error) {
      // An older agent does not know the question, and a line that breaks is told of elsewhere.
      if (asked === client && error instanceof ControlError && error.kind !== 'unknown_method') onRefused(error.message);
    }
  };
  const ask = (): void => {
    if (client === null || wanted === null) return;
    isWantedAgain = isAsking;
    if (isAsking) return;
    isAsking = true;
    void answer(client, wanted);
  };
  const answer = async (asked: ControlClient, window: ScreenWindow): Promise<void> => {
    try {
      const shown = await asked.request('screen', window);
      if (asked === client) show(shown);
    } catch (error) {
      if (asked !== client) return;
      // It hangs, or has gone: either way another line is needed. A no is an answer.
      if (!(error instanceof ControlError)) {
        asked.close();
        return;
      }
      onRefused(error.message);
    }
    if (asked !== client) return;
    isAsking = false;
    if (isWantedAgain) ask();
  };
  const show = (shown: ScreenFrame): void => {
    frame = shown;
    // Only now: a line that breaks before it shows anything is not tried over and over.
    pauseMs = linkLimits.againFirstMs;
    onFrame(shown);
  };
  const change = (delta: ScreenDelta): void => {
    // What belongs to a frame that was never seen, or to an older one, is in the next whole one.
    if (frame === null || delta.seq <= frame.seq) return;
    const changed = applyDelta(frame, delta);
    if (changed !== null) show(changed);
    else ask();
  };

  onLink({ kind: 'connecting' });
  void begin();
  return {
    look(window) {
      wanted = window;
      ask();
    },
    request: (method, params, options) =>
      client === null ? Promise.reject(new Error('there is no agent just now')) : client.request(method, params, options),
    again() {
      pauseMs = linkLimits.againFirstMs;
      if (!isWaiting || isClosed) return;
      stopWaiting();
      void begin();
    },
    close() {
      isClosed = true;
      stopWaiting();
      client?.close();
      client = null;
    },
  };
}

function causeOf(error: unknown): LostCause {
  // Without a configuration that says where it would be, there is none to be found.
  if (error instanceof NotRunning || error instanceof ConfigError) return 'not_running';
  return error instanceof Refused ? 'refused' : 'away';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
