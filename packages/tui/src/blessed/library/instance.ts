import { EventEmitter } from 'node:events';
import process from 'node:process';
import type { Theme } from '../../picture/picture.ts';
import { loadBlessed } from './load.ts';
import { readTerminfo, type TerminfoName } from './terminfo.ts';
import type { Blessed, BlessedBox, BlessedHandlers, BlessedInput, BlessedOutput, BlessedProgram, BlessedScreen } from './types.ts';

export interface Instance {
  readonly blessed: Blessed;
  readonly program: BlessedProgram;
  readonly screen: BlessedScreen;
  /** The only one: it covers the screen. */
  readonly box: BlessedBox;
}

interface InstanceOptions {
  readonly input: BlessedInput;
  readonly output: BlessedOutput;
  readonly terminfo: TerminfoName;
  readonly theme: Theme;
}

let loaded: Blessed | null = null;

/** Blessed's program, screen and box; the terminal is taken over at once. */
export function createScreen({ input, output, terminfo, theme }: InstanceOptions): Instance {
  loaded ??= loadBlessed();
  const blessed = loaded;
  blessed.Tput.readEmbedded = readTerminfo;
  const { unicode } = theme;
  const program = new blessed.Program({ input, output, terminal: terminfo, forceUnicode: unicode, tput: true, buffer: true, zero: true });
  if (theme.colours > 0) program.tput.colors = theme.colours;
  // The same as NCURSES_NO_UTF8_ACS: many terminals in UTF-8 show line drawing of the other character set as letters.
  program.tput.brokenACS = true;
  // All rows, however many there are by then: nothing is scrolled, and a region of an earlier size must not outlive the screen.
  program.csr = () => program.print('\x1b[r');
  const screen = new blessed.Screen({ program, fullUnicode: unicode, forceUnicode: unicode });
  const box = new blessed.Box({ parent: screen, top: 0, left: 0, width: '100%', height: '100%', tags: false });
  for (const owner of [blessed.Program, blessed.Screen]) removeHandlers(owner);
  return { blessed, program, screen, box };
}

/** Blessed would end the process at signals with 0, and swallow errors. What restores the terminal is `leaving.ts`. */
function removeHandlers(owner: BlessedHandlers): void {
  const handlers = [
    ['uncaughtException', owner._exceptionHandler],
    ['SIGTERM', owner._sigtermHandler],
    ['SIGINT', owner._sigintHandler],
    ['SIGQUIT', owner._sigquitHandler],
    ['exit', owner._exitHandler],
  ] as const;
  for (const [event, handler] of handlers) if (handler !== undefined) process.removeListener(event, handler);
}

/** Whole keys go in one at a time, by `emit('data')`; the terminal's modes are not blessed's business. */
export function blessedInput(): BlessedInput {
  return Object.assign(new EventEmitter(), { isRaw: true, setRawMode: () => undefined, resume: () => undefined, pause: () => undefined });
}

export function blessedOutput(size: { readonly columns: number; readonly rows: number }, write: (text: string) => void): BlessedOutput {
  return Object.assign(new EventEmitter(), {
    ...size,
    isTTY: true as const,
    writable: true as const,
    write: (text: string) => {
      write(text);
      return true;
    },
  });
}
