import type { ScreenWindow } from '@sluice/control';
import type { Intent, Message } from '../model/model.ts';

/** What is to be done by the agent or asked of it, or where none runs by whoever can start one. */
export type AgentIntent = Exclude<
  Intent,
  { readonly do: 'leave' | 'redraw' | 'watch' | 'copy' | 'mouse' | 'find_path' | 'export' | 'tour' }
>;

/** What of the messages comes from the agent. */
export type AgentMessage = Exclude<
  Message,
  { readonly kind: 'key' | 'paste' | 'click' | 'wheel' | 'resize' | 'tick' | 'path_found' | 'exported' | 'tour' }
>;

/** The agent, as the screen sees it. Nothing here blocks or throws: what goes wrong is told as a message. */
export interface ScreenClient {
  onMessage(listener: (message: AgentMessage) => void): void;
  /** Asks for this window from now on; the newest counts. */
  watchWindow(window: ScreenWindow): void;
  /** What comes of it is told as a message. */
  perform(intent: AgentIntent): void;
  close(): void;
}
