import type { EventEmitter } from 'node:events';

/** A cell of blessed: its attributes (flags << 18 | foreground << 9 | background), and its text. */
export type Cell = [attributes: number, text: string];

/** A row of cells. */
export interface Line extends Array<Cell> {
  dirty: boolean;
}

/** A key with blessed's name. */
export interface Key {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

/** A mouse event of blessed. */
export interface Mouse {
  readonly action: string;
  readonly button?: string;
  /** `sgr`, or an older type, whose numbers begin at 32. */
  readonly type?: string;
  readonly raw?: readonly [code: number, ...rest: unknown[]];
  /** Counted from 0. */
  readonly x: number;
  readonly y: number;
}

/** Blessed's program. */
export interface BlessedProgram {
  readonly tput: { colors: number; brokenACS: boolean };
  cursorHidden: boolean;
  on(event: 'keypress', listener: (character: string | undefined, key: Key) => void): void;
  on(event: 'mouse', listener: (mouse: Mouse) => void): void;
  print(text: string): void;
  flush(): void;
  csr: () => void;
  cup(row: number, column: number): void;
  showCursor(): void;
  hideCursor(): void;
  setMouse(modes: { readonly cellMotion: boolean; readonly sgrMouse: boolean }, isOn: boolean): void;
  destroy(): void;
}

/** Blessed's screen. */
export interface BlessedScreen {
  readonly lines: readonly Line[];
  enter(): void;
  leave(): void;
  render(): void;
  destroy(): void;
}

/** Blessed's box. */
export interface BlessedBox {
  render(): void;
}

/** The output that blessed gets. */
export interface BlessedOutput extends EventEmitter {
  columns: number;
  rows: number;
  readonly isTTY: true;
  readonly writable: true;
  write(text: string): boolean;
}

/** The input that blessed gets: complete keys, one at a time. */
export interface BlessedInput extends EventEmitter {
  isRaw: boolean;
  setRawMode(isRaw: boolean): void;
  resume(): void;
  pause(): void;
}

/** Options of blessed's program. */
export interface ProgramOptions {
  readonly input: BlessedInput;
  readonly output: BlessedOutput;
  readonly terminal: string;
  readonly forceUnicode: boolean;
  readonly tput: true;
  readonly buffer: true;
  readonly zero: true;
}

/** The listeners that blessed adds to the process. */
export interface BlessedHandlers {
  readonly _exceptionHandler?: () => void;
  readonly _sigtermHandler?: () => void;
  readonly _sigintHandler?: () => void;
  readonly _sigquitHandler?: () => void;
  readonly _exitHandler?: () => void;
}

/** The part of blessed 0.1.81 that Sluice uses. */
export interface Blessed {
  readonly Program: BlessedHandlers & (new (options: ProgramOptions) => BlessedProgram);
  readonly Tput: { readEmbedded?: (term: string) => Buffer };
  readonly Screen: BlessedHandlers &
    (new (options: {
      readonly program: BlessedProgram;
      readonly fullUnicode: boolean;
      readonly forceUnicode: boolean;
    }) => BlessedScreen);
  readonly Box: new (options: {
    readonly parent: BlessedScreen;
    readonly top: 0;
    readonly left: 0;
    readonly width: '100%';
    readonly height: '100%';
    readonly tags: false;
  }) => BlessedBox;
  readonly unicode: { charWidth(text: string, at?: number): number; strWidth(text: string): number };
}
