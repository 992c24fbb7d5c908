import type { Look } from '../picture/picture.ts';
import type { Terminal, TerminalEnd, TerminalMessage } from '../terminal.ts';
import { type TerminalInput, terminalReader } from './input/input.ts';
import type { InputToken } from './input/input-tokens.ts';
import { keyName } from './input/key-names.ts';
import { mouseMessage } from './input/mouse-message.ts';
import { type ProcessEvents, watchLeaving } from './leaving.ts';
import type { Key, Mouse } from './library/types.ts';
import type { WriteSome } from './output/output.ts';
import { sizeOf, type TerminalSize } from './output/size.ts';
import { createStage } from './output/stage.ts';

export interface TerminalOptions {
  readonly input: TerminalInput;
  readonly output: TerminalSize;
  /** The way to the terminal; `openWriter`. */
  readonly write: WriteSome;
  readonly process: ProcessEvents;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly look: Look;
}

/** A window that is dragged changes its size many times a second; each one clears the terminal. */
const resizeWaitMs = 100;
const lostExitCode = 129;

/**
 * Takes the terminal over, with blessed.
 *
 * @throws Error where the installed blessed is another one; the terminal is as it was
 */
export function openTerminal({ input, output, write, process, env, look }: TerminalOptions): Terminal {
  const messages: ((message: TerminalMessage) => void)[] = [];
  const ends: ((end: TerminalEnd) => void)[] = [];
  let end: TerminalEnd | null = null;
  let state: 'shown' | 'away' | 'closed' = 'shown';
  let size = sizeOf(output);
  let resizeTimer: NodeJS.Timeout | null = null;

  const say = (message: TerminalMessage): void => {
    for (const listener of messages) listener(message);
  };
  const onKey = (character: string | undefined, key: Key): void => {
    const name = keyName(character, key);
    if (name === 'ctrl-z') leaving.suspend();
    else if (name !== null) say({ kind: 'key', key: name });
  };
  const onMouse = (mouse: Mouse): void => {
    const message = mouseMessage(mouse);
    if (message !== null) say(message);
  };
  const onToken = ({ kind, text }: InputToken): void => {
    if (kind === 'sequence') stage.feed(text);
    else say(kind === 'paste' ? { kind, text } : { kind: 'key', key: text });
  };
  const restore = (): void => {
    if (state !== 'shown') return;
    state = 'away';
    stage.leave();
    reader.close();
  };
  const resume = (): void => {
    if (state === 'closed') return;
    // First, and not only for the keys: in the background this stops the process, before it writes over what the shell shows.
    reader.close();
    reader.open();
    // Stopped from outside it had no chance to leave.
    stage.leave();
    state = 'shown';
    const before = size;
    size = sizeOf(output);
    stage.enter(size);
    if (before.columns !== size.columns || before.rows !== size.rows) say({ kind: 'resize', ...size });
  };
  const close = (): void => {
    if (state === 'closed') return;
    restore();
    state = 'closed';
    if (resizeTimer !== null) clearTimeout(resizeTimer);
    output.removeListener('resize', onResize);
    leaving.stop();
    stage.destroy();
  };
  const finish = (why: TerminalEnd): void => {
    if (end !== null || state === 'closed') return;
    end = why;
    close();
    for (const listener of ends) listener(why);
  };
  const onLost = (): void => finish({ kind: 'lost', exitCode: lostExitCode });
  const onSize = (): void => {
    size = sizeOf(output);
    stage.resize(size);
    say({ kind: 'resize', ...size });
  };
  const onResize = (): void => {
    if (resizeTimer !== null) clearTimeout(resizeTimer);
    resizeTimer = setTimeout(onSize, resizeWaitMs);
  };

  const stage = createStage({ write, env, look, size, onKey, onMouse, onLost });
  const reader = terminalReader(input, onToken, onLost);
  const leaving = watchLeaving({ process, restore, resume, onEnd: finish });
  output.on('resize', onResize);
  reader.open();

  return {
    size: () => size,
    draw: stage.draw,
    redraw: () => stage.resize(size),
    onMessage: (listener) => void messages.push(listener),
    onEnd: (listener) => {
      if (end === null) ends.push(listener);
      else listener(end);
    },
    bell: stage.bell,
    copy: stage.copy,
    mouse: stage.mouse,
    close,
  };
}
