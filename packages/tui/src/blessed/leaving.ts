import type { EndSignal, TerminalEnd } from '../terminal.ts';
import { terminalLimits } from './limits.ts';

/** What of the process is needed; the process itself, but for tests. */
export interface ProcessEvents {
  readonly pid: number;
  readonly platform: string;
  on(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
  kill(pid: number, signal: string): unknown;
}

export interface LeavingOptions {
  readonly process: ProcessEvents;
  /** Gives the terminal back; whatever it throws, the way out goes on. */
  readonly restore: () => void;
  /** Takes it over again. */
  readonly resume: () => void;
  readonly onEnd: (end: TerminalEnd) => void;
}

export interface Leaving {
  /** Ctrl-Z: gives the terminal back, and stops. */
  suspend(): void;
  /** Ends the watching: the terminal is given back already. */
  stop(): void;
}

const exitCodes: Readonly<Record<EndSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 };

/** Every way out of the screen that is not its own: signals, job control, errors, an end of the process from anywhere. */
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
    // Without a listener the signal does what it does to every program.
    process.removeListener('SIGTSTP', suspend);
    // A stopped process finds the time over when it goes on: what it was sent meanwhile comes first.
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
    // After SIGSTOP a shell has used the terminal since: it is taken over again, even if this program had not given it back.
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

/** As the terminal itself would: what started this program is stopped with it, so that the shell gets the terminal back. */
function stopGroup(process: ProcessEvents): void {
  try {
    process.kill(0, 'SIGTSTP');
  } catch {
    process.kill(process.pid, 'SIGTSTP');
  }
}
