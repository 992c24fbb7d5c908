import type { Message } from './model/model.ts';
import type { Picture } from './picture/picture.ts';

/** What a terminal reports: keys and the like; never the agent's side of the messages. */
export type TerminalMessage = Extract<Message, { readonly kind: 'key' | 'paste' | 'click' | 'wheel' | 'resize' }>;

/** Why the terminal is gone: somebody ended the program, or nobody is there any more. */
export type TerminalEnd =
  | { readonly kind: 'signal'; readonly signal: EndSignal; readonly exitCode: number }
  | { readonly kind: 'lost'; readonly exitCode: number };

export type EndSignal = 'SIGHUP' | 'SIGINT' | 'SIGQUIT' | 'SIGTERM';

/** The terminal that the screen is drawn on. From opening it to `close` it is the screen's alone. */
export interface Terminal {
  size(): { readonly columns: number; readonly rows: number };
  /** Never blocks. A reader that stalls gets the newest picture when it goes on, none in between. */
  draw(picture: Picture): void;
  /** Clears and draws all of the last picture: for when something else has written there. */
  redraw(): void;
  onMessage(listener: (message: TerminalMessage) => void): void;
  /** Called once, with the terminal given back already. */
  onEnd(listener: (end: TerminalEnd) => void): void;
  bell(): void;
  /** Puts a text on the clipboard. @returns false where this terminal cannot */
  copy(text: string): boolean;
  mouse(isOn: boolean): void;
  /** Gives the terminal back as it was. Idempotent. */
  close(): void;
}
