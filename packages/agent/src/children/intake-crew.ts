import { type Child, startChild, superviseChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import { limits } from '../limits.ts';
import { acceptsOfIntake } from './accepted.ts';
import { type Crew, type CrewSetting, endText, isMute, targetOf } from './crew.ts';

type IntakeEffect = Extract<Effect, { kind: 'list_source' | 'check_paths' }>;
type IntakeCommand = IntakeEffect & { readonly ownMarkers: readonly string[] };

/** The process that watches and lists one source. Where it hangs or ends, a new one reports everything again. */
export interface IntakeCrew extends Crew {
  perform(effect: IntakeEffect): void;
}

/** What became of the last listings. */
interface Listing {
  /** How often in a row a process ended by itself and had completed none. */
  readonly endings: number;
  /** What the present one said of the source, and is believed with its first listing; null: nothing, or it was passed on. */
  readonly well: Event | null;
}

/** Nothing is known of a source whose process ends before it has listed it, again and again. */
const unlisted = {
  kind: 'source_state',
  state: 'unreadable',
  code: 'INTAKE_ENDED',
  unreadPath: null,
  freeBytes: null,
  cacheMs: 0,
  description: null,
} as const;

export function createIntakeCrew({ route, offer, after, monotonic, ownMarkers, register, log }: CrewSetting): IntakeCrew {
  const seat = superviseChild({ path: () => targetOf(route.source), start, now: monotonic });
  let restartMs: number = limits.restartFirstMs;
  let hasEnded = false;
  let isDown = false;
  let isSilent = false;
  let listing: Listing = { endings: 0, well: null };
  let cancelRestart = (): void => {};

  function start(): Child<IntakeCommand> {
    const born: Child<IntakeCommand> = startChild<{ route: typeof route }, IntakeCommand, Event>({
      kind: 'intake',
      init: { route },
      env: { UV_THREADPOOL_SIZE: '8' },
      accepts: acceptsOfIntake(route.name),
      onMessage: hear,
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('intake', end)}`);
        isDown = true;
        listing = { endings: listing.endings + 1, well: null };
        if (listing.endings === limits.intakeEndings && !hasEnded) offer({ ...unlisted, route: route.name });
        cancelRestart = after(restartMs, restart);
        restartMs = Math.min(restartMs * 2, limits.restartLastMs);
      },
      onGone: () => register.gone(born.pid),
    });
    register.born('intake', born);
    return born;
  }

  const hear = (event: Event): void => {
    restartMs = limits.restartFirstMs;
    if (event.kind === 'source_state') isSilent = event.state === 'silent';
    if (!isSilent) seat.answered();
    if (event.kind === 'source_state' && event.state === 'ok' && listing.endings >= limits.intakeEndings) {
      listing = { ...listing, well: event };
      return;
    }
    if (event.kind === 'listing_completed') {
      if (listing.well !== null) offer(listing.well);
      listing = { endings: 0, well: null };
    }
    offer(event);
  };

  const restart = (): void => {
    if (hasEnded) return;
    isDown = false;
    seat.live();
    offer({ kind: 'intake_restarted', route: route.name });
  };

  /** A silent source that was mounted again is reached by a new process only. */
  const checkSilence = (): void => {
    if (hasEnded) return;
    cancelCheck = after(limits.heartbeatMs, checkSilence);
    if (isDown || (!isSilent && !isMute(seat.live(), monotonic(), limits.silentChildMs))) return;
    if (seat.stuck().kind !== 'replaced') return;
    isSilent = false;
    offer({ kind: 'intake_restarted', route: route.name });
  };
  let cancelCheck = after(limits.heartbeatMs, checkSilence);

  seat.live();
  return {
    perform(effect) {
      if (!isDown && !hasEnded) seat.live().send({ ...effect, ownMarkers: ownMarkers() });
    },
    end() {
      hasEnded = true;
      cancelRestart();
      cancelCheck();
      seat.end();
    },
  };
}
