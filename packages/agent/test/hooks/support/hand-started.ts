import type { HookEnd } from '@sluice/core/model';
import { createSimClock, type SimClock } from '@sluice/testkit';
import * as assert from 'uvu/assert';
import type { HookCommand } from '../../../src/hooks/command.ts';
import type { EndedRun } from '../../../src/hooks/one-at-a-time.ts';
import type { StartHook } from '../../../src/hooks/run.ts';
import type { Timer } from '../../../src/ports.ts';

export const done: HookEnd = { kind: 'ended', code: 0, diagnosis: '' };

/** Processes that the test ends, and a clock that it advances. */
export interface HandStarted {
  readonly clock: SimClock;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly start: StartHook;
  readonly hangs: () => boolean;
  readonly started: readonly HookCommand[];
  readonly lines: readonly string[];
  readonly recorded: readonly EndedRun[];
  readonly log: (level: 'debug' | 'warn', text: string) => void;
  readonly record: (run: EndedRun) => void;
  /** Ends the running process. `isHung`: its end is reported, but the process still exists. */
  end(how: HookEnd, isHung?: boolean): void;
  /** Ends the process that hung. */
  goes(): void;
  advance(ms: number): void;
  killed(): number;
}

export function handStarted(): HandStarted {
  const clock = createSimClock();
  const [started, lines, recorded]: [HookCommand[], string[], EndedRun[]] = [[], [], []];
  let endNow: ((end: HookEnd) => void) | null = null;
  let killed = 0;
  let isHung = false;
  return {
    clock,
    started,
    lines,
    recorded,
    makeTimer(fire) {
      let callOff = (): void => undefined;
      return {
        set(at) {
          callOff();
          callOff = clock.after(Math.max(0, at - clock.monotonic()), fire);
        },
        clear: () => callOff(),
      };
    },
    hangs: () => false,
    start(_owner, command, onEnd) {
      assert.is(endNow, null, 'two processes at once');
      started.push(command);
      endNow = onEnd;
      return { end: () => void (killed += 1), isEndingRest: () => false, hasGone: () => endNow === null && !isHung };
    },
    log: (level, text) => void lines.push(`${level} ${text}`),
    record: (run) => void recorded.push(run),
    end(how, hangs = false) {
      isHung = hangs;
      const tell = endNow;
      endNow = null;
      tell?.(how);
    },
    goes: () => void (isHung = false),
    advance: (ms) => clock.runUntil(clock.monotonic() + ms),
    killed: () => killed,
  };
}
