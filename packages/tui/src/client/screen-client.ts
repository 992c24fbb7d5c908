import type { ScreenWindow } from '@sluice/control';
import type { Intent, Message } from '../model/model.ts';

/** Intents that the agent carries out or, if none runs, the starter. */
export type AgentIntent = Exclude<
  Intent,
  { readonly do: 'leave' | 'redraw' | 'watch' | 'copy' | 'mouse' | 'find_path' | 'export' | 'tour' }
>;

/** Messages that come from the agent. */
export type AgentMessage = Exclude<
  Message,
  { readonly kind: 'key' | 'paste' | 'click' | 'wheel' | 'resize' | 'tick' | 'path_found' | 'exported' | 'tour' }
>;

/** The agent, as the screen sees it. Nothing here blocks or throws: an error arrives as a message. */
export interface ScreenClient {
  onMessage(listener: (message: AgentMessage) => void): void;
  /** Requests this window from now on. The newest counts. */
  watchWindow(window: ScreenWindow): void;
  /** Carries out an intent. The result arrives as a message. */
  perform(intent: AgentIntent): void;
  close(): void;
}
