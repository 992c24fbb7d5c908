import type { Picture, Theme } from '../../picture/picture.ts';
import { blessedInput, blessedOutput, createScreen } from '../library/instance.ts';
import type { TerminfoName } from '../library/terminfo.ts';
import type { Key, Mouse } from '../library/types.ts';
import { attributesOf } from './attributes.ts';
import { paint, samePicture } from './paint.ts';

/** The options of a painter. */
export interface PainterOptions {
  readonly terminfo: TerminfoName;
  readonly theme: Theme;
  readonly size: ScreenSize;
  /** Gets the output of blessed. */
  readonly write: (text: string) => void;
  readonly onKey: (character: string | undefined, key: Key) => void;
  readonly onMouse: (mouse: Mouse) => void;
}

/** The size of a screen, in cells. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** The part of blessed that is used: it knows what the terminal shows, writes the difference, and reads keys. */
export interface Painter {
  /** Draws a picture. Writes nothing if the terminal shows it already. */
  paint(picture: Picture): void;
  /** Clears the terminal, and draws as much of the last picture as fits. */
  resize(size: ScreenSize): void;
  /** Takes the terminal over again: the alternate screen buffer, no cursor, application keys. */
  enter(size: ScreenSize): void;
  /** Restores the terminal. */
  leave(): void;
  mouse(isOn: boolean): void;
  /** Passes a complete key or mouse report to blessed. */
  feed(sequence: string): void;
  /** To be called after `leave`. */
  destroy(): void;
}

/** Takes the terminal over. @throws Error if the installed blessed is another version */
export function createPainter({ terminfo, theme, size, write, onKey, onMouse }: PainterOptions): Painter {
  const input = blessedInput();
  const output = blessedOutput(size, write);
  const { blessed, program, screen, box } = createScreen({ input, output, terminfo, theme });
  const paintOptions = { attributes: attributesOf(theme), unicode: blessed.unicode, hasUnicode: theme.unicode };
  let picture: Picture | null = null;
  /** What the terminal shows. Null: unknown. */
  let standing: Picture | null = null;

  box.render = () => {
    if (picture !== null) paint(screen.lines, picture, standing, paintOptions);
  };
  const moveCursor = (): void => {
    const cursor = picture?.cursor ?? null;
    if (cursor !== null) program.cup(Math.min(cursor.row, output.rows - 1), Math.min(cursor.column, output.columns - 1));
    if ((cursor === null) === program.cursorHidden) return;
    if (cursor === null) program.hideCursor();
    else program.showCursor();
  };
  const render = (): void => {
    screen.render();
    moveCursor();
    program.flush();
    standing = picture;
  };
  const setSize = ({ columns, rows }: ScreenSize): void => {
    standing = null;
    output.columns = columns;
    output.rows = rows;
    output.emit('resize');
  };
  program.on('keypress', onKey);
  program.on('mouse', onMouse);
  program.flush();
  return {
    paint: (next) => {
      if (standing !== null && samePicture(standing, next)) return;
      picture = next;
      render();
    },
    resize: (next) => {
      setSize(next);
      render();
    },
    enter: (next) => {
      screen.enter();
      setSize(next);
      render();
    },
    leave: () => {
      screen.leave();
      program.flush();
      standing = null;
    },
    mouse: (isOn) => {
      program.setMouse({ cellMotion: isOn, sgrMouse: isOn }, isOn);
      program.flush();
    },
    feed: (sequence) => void input.emit('data', Buffer.from(sequence, 'utf8')),
    destroy: () => screen.destroy(),
  };
}
