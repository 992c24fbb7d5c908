import type { EndSignal, TerminalEnd } from '../terminal.ts';
import { terminalLimits } from './limits.ts';

/** The part of the process that is needed. A test replaces it. */
export interface ProcessEvents {
  readonly pid: number;
  readonly platform: string;
  on(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
  kill(pid: number, signal: string): unknown;
}

/** How the terminal is restored when the process ends or stops. */
export interface LeavingOptions {
  readonly process: ProcessEvents;
  /** Restores the terminal. If it throws, the rest still happens. */
  readonly restore: () => void;
  /** Takes the terminal over again. */
  readonly resume: () => void;
  readonly onEnd: (end: TerminalEnd) => void;
}

/** Watches for the end of the process. */
export interface Leaving {
  /** For Ctrl-Z: restores the terminal, and stops the process. */
  suspend(): void;
  /** Ends the watching, after the terminal was restored. */
  stop(): void;
}

const exitCodes: Readonly<Record<EndSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 };

/** Watches for every end of the screen that is not its own: signals, job control, errors, an exit of the process from anywhere. */
export function watchLeaving({ process, restore, resume, onEnd }: LeavingOptions): Leaving {
  const listeners: (readonly [string, () => void])[] = [];
  const on = (event: string, listener: () => void): void => {
    process.on(event, listener);
    listeners.push([event, listener]);
  };
  let timer: NodeJS.Timeout | null = null;

  const goOn = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    process.removeListener('SIGTSTP', suspend);
    process.on('SIGTSTP', suspend);
    resume();
  };
  const suspend = (): void => {
    if (timer !== null || process.platform === 'win32') return;
    restore();
    // Without a listener the signal has its default effect.
    process.removeListener('SIGTSTP', suspend);
    // A stopped process finds its timer expired when it continues, so signals that it was sent meanwhile are handled first.
    timer = setTimeout(() => setImmediate(() => timer !== null && goOn()), terminalLimits.stopsWithinMs);
    stopGroup(process);
  };
  for (const [signal, exitCode] of Object.entries(exitCodes) as [EndSignal, number][]) {
    on(signal, () => {
      restore();
      onEnd({ kind: 'signal', signal, exitCode });
    });
  }
  if (process.platform !== 'win32') {
    process.on('SIGTSTP', suspend);
    // After a SIGSTOP the shell has used the terminal, so it is taken over again, even if this program had not restored it.
    on('SIGCONT', goOn);
  }
  on('uncaughtExceptionMonitor', restore);
  on('exit', restore);
  return {
    suspend,
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      process.removeListener('SIGTSTP', suspend);
      for (const [event, listener] of listeners) process.removeListener(event, listener);
    },
  };
}

/**
 * Does what the terminal itself would do: the programs that started this one are stopped with it, so that the shell gets the
 * terminal back.
 */
function stopGroup(process: ProcessEvents): void {
  try {
    process.kill(0, 'SIGTSTP');
  } catch {
    process.kill(process.pid, 'SIGTSTP');
  }
}
