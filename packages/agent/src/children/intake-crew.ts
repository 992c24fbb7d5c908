import { type Child, createSeats, startChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import { limits } from '../limits.ts';
import { type Crew, type CrewSetting, endText, isMute } from './crew.ts';
import { placeOf } from './place.ts';

type IntakeEffect = Extract<Effect, { kind: 'list_source' | 'look' }>;

/** The process that watches and lists one source. Where it hangs or ends, a new one tells everything again. */
export interface IntakeCrew extends Crew {
  perform(effect: IntakeEffect): void;
}

export function createIntakeCrew(setting: CrewSetting): IntakeCrew {
  const { route, offer, after, monotonic, register, log } = setting;
  const seats = createSeats();
  let child: Child<IntakeEffect> | null = null;
  let place = '';
  let restartMs: number = limits.restartFirstMs;
  let hasEnded = false;
  let isSilent = false;
  let callOff = (): void => {};

  const start = (): void => {
    if (hasEnded) return;
    place = placeOf(route.source);
    const born: Child<IntakeEffect> = startChild<{ route: typeof route }, IntakeEffect, Event>({
      kind: 'intake',
      init: { route },
      env: { UV_THREADPOOL_SIZE: '8' },
      onMessage: (event) => {
        restartMs = limits.restartFirstMs;
        isSilent = event.kind === 'source_state' ? event.state === 'silent' : isSilent;
        if (!isSilent) seats.noteGood();
        offer(event);
      },
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('intake', end)}`);
        child = null;
        callOff = after(restartMs, restart);
        restartMs = Math.min(restartMs * 2, limits.restartLastMs);
      },
      onGone: () => register.gone(born.pid),
    });
    child = born;
    register.born('intake', born.pid);
  };

  const restart = (): void => {
    start();
    offer({ kind: 'intake_restarted', route: route.name });
  };

  /** A silent source that was mounted anew is reached by a new process only. */
  const look = (): void => {
    if (hasEnded) return;
    callOffLook = after(limits.heartbeatMs, look);
    if (child === null || (!isSilent && !isMute(child, monotonic(), limits.silentChildMs))) return;
    const now = placeOf(route.source);
    if (!seats.mayReplace(now, monotonic())) return;
    seats.noteAbandoned({ pid: child.pid, place, isGone: child.isGone }, monotonic());
    child.abandon();
    isSilent = false;
    restart();
  };
  let callOffLook = after(limits.heartbeatMs, look);

  start();
  return {
    perform: (effect) => void child?.send(effect),
    end() {
      hasEnded = true;
      callOff();
      callOffLook();
      child?.abandon();
    },
  };
}
