import type { Message } from './model/model.ts';
import type { Picture } from './picture/picture.ts';

/** What a terminal reports, such as keys; no messages of the agent. */
export type TerminalMessage = Extract<Message, { readonly kind: 'key' | 'paste' | 'click' | 'wheel' | 'resize' }>;

/** Why the terminal is gone: a signal ended the program, or the terminal was closed. */
export type TerminalEnd =
  | { readonly kind: 'signal'; readonly signal: EndSignal; readonly exitCode: number }
  | { readonly kind: 'lost'; readonly exitCode: number };

/** A signal that ends the screen. */
export type EndSignal = 'SIGHUP' | 'SIGINT' | 'SIGQUIT' | 'SIGTERM';

/** The terminal that the screen is drawn on. From its opening to `close` only the screen uses it. */
export interface Terminal {
  size(): { readonly columns: number; readonly rows: number };
  /** Draws a picture. Never blocks. A reader that stalls gets only the newest picture when it continues. */
  draw(picture: Picture): void;
  /** Clears the terminal and draws the last picture again, for when another program has written there. */
  redraw(): void;
  onMessage(listener: (message: TerminalMessage) => void): void;
  /** Calls the listener once, after the terminal was restored. */
  onEnd(listener: (end: TerminalEnd) => void): void;
  bell(): void;
  /** Puts a text on the clipboard. @returns false if this terminal cannot do that */
  copy(text: string): boolean;
  mouse(isOn: boolean): void;
  /** Restores the terminal. Idempotent. */
  close(): void;
}
