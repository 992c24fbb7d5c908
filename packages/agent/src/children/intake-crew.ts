import { type Child, startChild, superviseChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import type { ConfigureIntake } from '@sluice/intake';
import { limits } from '../limits.ts';
import { acceptsOfIntake } from './accepted.ts';
import { type Crew, type CrewSetting, endText, isMute, targetOf } from './crew.ts';

type IntakeEffect = Extract<Effect, { kind: 'list_source' | 'check_paths' }>;
type IntakeCommand = (IntakeEffect & { readonly ownMarkers: readonly string[] }) | ConfigureIntake;

/** The process that watches and lists one source. If it hangs or ends, a new one reports everything again. */
export interface IntakeCrew extends Crew {
  perform(effect: IntakeEffect): void;
}

/**
 * Passes on the messages of intake processes. If the processes of a source end repeatedly, `ok` is passed on only after a
 * complete listing.
 */
class ListingWatch {
  readonly #setting: Pick<CrewSetting, 'route' | 'offer'>;
  /** How many processes in a row ended by themselves without completing a listing. */
  #endings = 0;
  /** The `ok` state that the present process reported and that was not passed on. Null: none. */
  #well: Event | null = null;

  constructor(setting: Pick<CrewSetting, 'route' | 'offer'>) {
    this.#setting = setting;
  }

  ended(): void {
    this.#endings += 1;
    this.#well = null;
    const { route, offer } = this.#setting;
    if (this.#endings === limits.intakeEndings) offer({ ...unlisted, route: route.name });
  }

  pass(event: Event): void {
    if (event.kind === 'source_state' && event.state === 'ok' && this.#endings >= limits.intakeEndings) {
      this.#well = event;
      return;
    }
    if (event.kind === 'listing_completed') {
      if (this.#well !== null) this.#setting.offer(this.#well);
      this.#endings = 0;
      this.#well = null;
    }
    this.#setting.offer(event);
  }
}

/** What a process is started for: with other patterns it has to report every file again. */
function rulesOf({ include, exclude, growing }: RouteSettings): string {
  return JSON.stringify([include, exclude, growing.enabled, growing.include]);
}

/** The state of a source whose processes end repeatedly before they have listed it. */
const unlisted = {
  kind: 'source_state',
  state: 'unreadable',
  code: 'INTAKE_ENDED',
  unreadPath: null,
  freeBytes: null,
  cacheMs: 0,
  description: null,
} as const;

/** Creates the intake crew of a route. Its process does not run yet. */
export function createIntakeCrew({ route, offer, after, monotonic, ownMarkers, register, log }: CrewSetting): IntakeCrew {
  const listings = new ListingWatch({ route, offer });
  const seat = superviseChild({ path: () => targetOf(route.source), start, now: monotonic });
  let settings = route;
  /** Other patterns are in force than those of the present process. */
  let isOutdated = false;
  let restartMs: number = limits.restartFirstMs;
  let hasEnded = false;
  let isDown = false;
  let isSilent = false;
  let cancelRestart = (): void => {};

  function start(): Child<IntakeCommand> {
    isOutdated = false;
    const born: Child<IntakeCommand> = startChild<{ route: typeof route }, IntakeCommand, Event>({
      kind: 'intake',
      init: { route: settings },
      env: { UV_THREADPOOL_SIZE: '8' },
      accepts: acceptsOfIntake(route.name),
      onMessage: hear,
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('intake', end)}`);
        isDown = true;
        if (!hasEnded) listings.ended();
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
    listings.pass(event);
  };

  const restart = (): void => {
    if (hasEnded) return;
    isDown = false;
    seat.live();
    offer({ kind: 'intake_restarted', route: route.name });
  };

  /** Where so many processes hang that none may be started, the next check tries again. */
  const renewOutdated = (): void => {
    if (hasEnded || isDown || !isOutdated || !seat.renew()) return;
    isSilent = false;
    offer({ kind: 'intake_restarted', route: route.name });
  };

  /** Replaces the process of a silent source that was mounted again: only a new process reaches the new mount. */
  const checkSilence = (): void => {
    if (hasEnded) return;
    cancelCheck = after(limits.heartbeatMs, checkSilence);
    renewOutdated();
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
    configure(next) {
      const before = settings;
      settings = next;
      isOutdated ||= rulesOf(before) !== rulesOf(next);
      if (isOutdated) renewOutdated();
      else if (!isDown && !hasEnded) seat.live().send({ kind: 'configure', route: next });
    },
    end() {
      hasEnded = true;
      cancelRestart();
      cancelCheck();
      seat.end();
    },
  };
}
