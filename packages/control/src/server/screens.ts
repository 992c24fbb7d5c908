import type { ScreenDelta, ScreenFrame, ScreenWindow } from '../protocol/screen-frame.ts';

/** Where one watcher is told what has changed. */
export interface ScreenOutlet {
  send(delta: ScreenDelta): void;
  /** What was sent is on its way: nothing waits on this side for a client that does not read. */
  hasRead(): boolean;
  /** The watcher cannot be served any more. */
  close(reason: string): void;
}

/** One client that looks at a window. */
export interface ScreenWatcher {
  /** Replaces the window. Of several that are asked for at once the last one counts, and answers all of them. */
  look(window: ScreenWindow): Promise<ScreenFrame>;
  end(): void;
}

/** Shows windows of the files. */
export interface Screens {
  attach(outlet: ScreenOutlet): ScreenWatcher;
}
