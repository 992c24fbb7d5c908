import { EventEmitter } from 'node:events';
import process from 'node:process';
import type { Theme } from '../../picture/picture.ts';
import { loadBlessed } from './load.ts';
import { readTerminfo, type TerminfoName } from './terminfo.ts';
import type { Blessed, BlessedBox, BlessedHandlers, BlessedInput, BlessedOutput, BlessedProgram, BlessedScreen } from './types.ts';

/** The objects of blessed that Sluice uses. */
export interface Instance {
  readonly blessed: Blessed;
  readonly program: BlessedProgram;
  readonly screen: BlessedScreen;
  /** The only box. It covers the screen. */
  readonly box: BlessedBox;
}

interface InstanceOptions {
  readonly input: BlessedInput;
  readonly output: BlessedOutput;
  readonly terminfo: TerminfoName;
  readonly theme: Theme;
}

let loaded: Blessed | null = null;

/** Creates blessed's program, screen and box, which takes the terminal over at once. */
export function createScreen({ input, output, terminfo, theme }: InstanceOptions): Instance {
  loaded ??= loadBlessed();
  const blessed = loaded;
  blessed.Tput.readEmbedded = readTerminfo;
  const { unicode } = theme;
  const program = new blessed.Program({ input, output, terminal: terminfo, forceUnicode: unicode, tput: true, buffer: true, zero: true });
  if (theme.colours > 0) program.tput.colors = theme.colours;
  // Has the effect of NCURSES_NO_UTF8_ACS: many terminals in UTF-8 show line drawing of the other character set as letters.
  program.tput.brokenACS = true;
  // Prints to all rows, however many there are by then: nothing is scrolled, and a scroll region of an earlier size must not
  // remain after the screen.
  program.csr = () => program.print('\x1b[r');
  const screen = new blessed.Screen({ program, fullUnicode: unicode, forceUnicode: unicode });
  const box = new blessed.Box({ parent: screen, top: 0, left: 0, width: '100%', height: '100%', tags: false });
  for (const owner of [blessed.Program, blessed.Screen]) removeHandlers(owner);
  return { blessed, program, screen, box };
}

/**
 * Removes blessed's handlers, which would end the process with 0 at signals, and swallow errors. `leaving.ts` restores the
 * terminal instead.
 */
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

/**
 * Returns an input for blessed. Complete keys are passed one at a time by `emit('data')`. Blessed does not set the terminal's
 * modes.
 */
export function blessedInput(): BlessedInput {
  return Object.assign(new EventEmitter(), { isRaw: true, setRawMode: () => undefined, resume: () => undefined, pause: () => undefined });
}

/** Returns an output for blessed that passes on what it writes. */
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
