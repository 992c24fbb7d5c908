import type { WriteSome } from '@sluice/platform';
import type { Picture, Theme } from '../../picture/picture.ts';
import { terminfoFor } from '../library/terminfo.ts';
import { terminalLimits } from '../limits.ts';
import { copySequence } from './clipboard.ts';
import { screenOutput } from './output.ts';
import { createPainter, type Painter, type PainterOptions, type ScreenSize } from './painter.ts';

/** The options of a stage. */
export interface StageOptions extends Pick<PainterOptions, 'size' | 'onKey' | 'onMouse'> {
  readonly write: WriteSome;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly theme: Theme;
  /** Called when the reader of the terminal has ended. */
  readonly onLost: () => void;
}

/** Decides what is written to the terminal and when: no more than its reader accepts. */
export interface Stage extends Pick<Painter, 'feed'> {
  draw(picture: Picture): void;
  /** Clears the terminal, and draws again. */
  resize(size: ScreenSize): void;
  enter(size: ScreenSize): void;
  /** Restores the terminal. Blocks until that is written, for a limited time. */
  leave(): void;
  bell(): void;
  copy(text: string): boolean;
  mouse(isOn: boolean): void;
  destroy(): void;
}

const bell = '\x07';
const pasteOn = '\x1b[?2004h';
const pasteOff = '\x1b[?2004l';
const plain = '\x1b[m';
/** CAN: ends an incomplete sequence without its effect. */
const cancel = '\x18';

/** Takes the terminal over. @throws Error if the installed blessed is another version */
export function createStage({ write, env, theme, onLost, ...rest }: StageOptions): Stage {
  const sink = screenOutput(write);
  const painter = createPainter({ ...rest, terminfo: terminfoFor(env['TERM'] ?? ''), theme, write: (text) => void sink.write(text) });
  let isShown = true;
  let hasMouse = false;
  /** The newest picture and size, if they could not be drawn yet. */
  let picture: Picture | null = null;
  let newSize: ScreenSize | null = null;

  const show = (): void => {
    if (!isShown || !sink.isIdle()) return;
    if (newSize !== null) painter.resize(newSize);
    newSize = null;
    if (picture !== null) painter.paint(picture);
    picture = null;
    if (sink.isClosed()) setImmediate(onLost);
  };
  const modes = (isOn: boolean): void => {
    sink.write(isOn ? pasteOn : pasteOff + plain);
    if (hasMouse) painter.mouse(isOn);
  };
  sink.onIdle(show);
  modes(true);

  return {
    draw: (next) => {
      picture = next;
      show();
    },
    resize: (size) => {
      newSize = size;
      show();
    },
    enter: (size) => {
      isShown = true;
      newSize = null;
      painter.enter(size);
      modes(true);
      show();
    },
    leave: () => {
      if (!isShown) return;
      isShown = false;
      // A picture that nobody will see must not delay the sequences that restore the terminal. Nothing more can be done for a
      // terminal that does not read: opened again it would have the same full queue.
      if (sink.drop()) sink.write(cancel);
      modes(false);
      painter.leave();
      sink.drain(terminalLimits.leaveWithinMs);
    },
    bell: () => {
      if (isShown && sink.isIdle()) sink.write(bell);
    },
    copy: (text) => {
      const sequence = copySequence(text, env);
      return sequence !== null && isShown && sink.isIdle() && sink.write(sequence);
    },
    mouse: (isOn) => {
      if (hasMouse === isOn) return;
      hasMouse = isOn;
      if (isShown) painter.mouse(isOn);
    },
    feed: painter.feed,
    destroy: painter.destroy,
  };
}
