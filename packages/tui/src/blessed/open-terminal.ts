import type { WriteSome } from '@sluice/platform';
import type { Picture, Theme } from '../picture/picture.ts';
import type { Terminal, TerminalEnd, TerminalMessage } from '../terminal.ts';
import { type TerminalInput, type TerminalReader, terminalReader } from './input/input.ts';
import type { InputToken } from './input/input-tokens.ts';
import { keyName, mouseMessage } from './input/messages.ts';
import { type Leaving, type ProcessEvents, watchLeaving } from './leaving.ts';
import type { Key, Mouse } from './library/types.ts';
import { terminalLimits } from './limits.ts';
import type { ScreenSize } from './output/painter.ts';
import { sizeOf, type TerminalSize } from './output/size.ts';
import { createStage, type Stage } from './output/stage.ts';

/** The options of a terminal. */
export interface TerminalOptions {
  readonly input: TerminalInput;
  readonly output: TerminalSize;
  /** Writes to the terminal; see `openWriter`. */
  readonly write: WriteSome;
  readonly process: ProcessEvents;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly theme: Theme;
}

const lostExitCode = 129;

/**
 * Takes the terminal over with blessed.
 * @throws Error if the installed blessed is another version; the terminal is not changed then
 */
export function openTerminal(options: TerminalOptions): Terminal {
  const terminal = new BlessedTerminal(options);
  terminal.open();
  return terminal;
}

class BlessedTerminal implements Terminal {
  readonly #output: TerminalSize;
  readonly #stage: Stage;
  readonly #reader: TerminalReader;
  readonly #leaving: Leaving;
  readonly #messageListeners: ((message: TerminalMessage) => void)[] = [];
  readonly #endListeners: ((end: TerminalEnd) => void)[] = [];
  #end: TerminalEnd | null = null;
  /** `away`: restored for the shell for a while. */
  #state: 'shown' | 'away' | 'closed' = 'shown';
  #size: ScreenSize;
  #resizeTimer: NodeJS.Timeout | null = null;
  /** A field, so that it can be removed as a listener. */
  readonly #onResize = (): void => {
    if (this.#resizeTimer !== null) clearTimeout(this.#resizeTimer);
    this.#resizeTimer = setTimeout(() => this.#resize(), terminalLimits.resizeWaitMs);
  };

  constructor({ input, output, write, process, env, theme }: TerminalOptions) {
    const onLost = (): void => this.#finish({ kind: 'lost', exitCode: lostExitCode });
    this.#output = output;
    this.#size = sizeOf(output);
    this.#stage = createStage({
      write,
      env,
      theme,
      size: this.#size,
      onKey: (character, key) => this.#onKey(character, key),
      onMouse: (mouse) => this.#onMouse(mouse),
      onLost,
    });
    this.#reader = terminalReader(input, (token) => this.#onToken(token), onLost);
    this.#leaving = watchLeaving({
      process,
      restore: () => this.#restore(),
      resume: () => this.#resume(),
      onEnd: (end) => this.#finish(end),
    });
  }

  open(): void {
    this.#output.on('resize', this.#onResize);
    this.#reader.open();
  }

  size(): ScreenSize {
    return this.#size;
  }

  draw(picture: Picture): void {
    this.#stage.draw(picture);
  }

  redraw(): void {
    this.#stage.resize(this.#size);
  }

  onMessage(listener: (message: TerminalMessage) => void): void {
    this.#messageListeners.push(listener);
  }

  onEnd(listener: (end: TerminalEnd) => void): void {
    if (this.#end === null) this.#endListeners.push(listener);
    else listener(this.#end);
  }

  bell(): void {
    this.#stage.bell();
  }

  copy(text: string): boolean {
    return this.#stage.copy(text);
  }

  mouse(isOn: boolean): void {
    this.#stage.mouse(isOn);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#restore();
    this.#state = 'closed';
    if (this.#resizeTimer !== null) clearTimeout(this.#resizeTimer);
    this.#output.removeListener('resize', this.#onResize);
    this.#leaving.stop();
    this.#stage.destroy();
  }

  #say(message: TerminalMessage): void {
    for (const listener of this.#messageListeners) listener(message);
  }

  #onToken({ kind, text }: InputToken): void {
    if (kind === 'sequence') this.#stage.feed(text);
    else this.#say(kind === 'paste' ? { kind, text } : { kind: 'key', key: text });
  }

  #onKey(character: string | undefined, key: Key): void {
    const name = keyName(character, key);
    if (name === 'ctrl-z') this.#leaving.suspend();
    else if (name !== null) this.#say({ kind: 'key', key: name });
  }

  #onMouse(mouse: Mouse): void {
    const message = mouseMessage(mouse);
    if (message !== null) this.#say(message);
  }

  #resize(): void {
    this.#size = sizeOf(this.#output);
    this.#stage.resize(this.#size);
    this.#say({ kind: 'resize', ...this.#size });
  }

  /** Restores the terminal until `#resume`. */
  #restore(): void {
    if (this.#state !== 'shown') return;
    this.#state = 'away';
    this.#stage.leave();
    this.#reader.close();
  }

  #resume(): void {
    if (this.#state === 'closed') return;
    // Done first, and not only for the keys: in the background this stops the process before it overwrites what the shell shows.
    this.#reader.close();
    this.#reader.open();
    // A process that was stopped from outside could not leave the screen before.
    this.#stage.leave();
    this.#state = 'shown';
    const before = this.#size;
    const size = sizeOf(this.#output);
    this.#size = size;
    this.#stage.enter(size);
    if (before.columns !== size.columns || before.rows !== size.rows) this.#say({ kind: 'resize', ...size });
  }

  #finish(end: TerminalEnd): void {
    if (this.#end !== null || this.#state === 'closed') return;
    this.#end = end;
    this.close();
    for (const listener of this.#endListeners) listener(end);
  }
}
