import { type Child, startChild, superviseChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import type { ConfigureIntake } from '@sluice/intake';
import { limits } from '../limits.ts';
import { type Crew, type CrewSetting, endText, isMute, targetOf } from './crew.ts';
import { acceptsOfIntake } from './message-checks.ts';

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

/** Returns the rules that a process is started with. With other patterns a process has to report every file again. */
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

/** Creates the intake crew of a route. Its process starts at once. */
export function createIntakeCrew(setting: CrewSetting): IntakeCrew {
  return new RouteIntake(setting);
}

class RouteIntake implements IntakeCrew {
  readonly #setting: CrewSetting;
  readonly #listings: ListingWatch;
  readonly #seat: ReturnType<typeof superviseChild<Child<IntakeCommand>>>;
  #route: RouteSettings;
  /** Whether the present process has patterns that are no longer in force. */
  #isOutdated = false;
  #restartMs: number = limits.restartFirstMs;
  #hasEnded = false;
  #isDown = false;
  #isSilent = false;
  #cancelRestart = (): void => {};
  #cancelCheck: () => void;

  constructor(setting: CrewSetting) {
    const { route, after, monotonic } = setting;
    this.#setting = setting;
    this.#route = route;
    this.#listings = new ListingWatch(setting);
    this.#seat = superviseChild({ path: () => targetOf(route.source), start: () => this.#start(), now: monotonic });
    this.#cancelCheck = after(limits.heartbeatMs, () => this.#check());
    this.#seat.live();
  }

  perform(effect: IntakeEffect): void {
    if (!this.#isDown && !this.#hasEnded) this.#seat.live().send({ ...effect, ownMarkers: this.#setting.ownMarkers() });
  }

  configure(route: RouteSettings): void {
    this.#isOutdated ||= rulesOf(this.#route) !== rulesOf(route);
    this.#route = route;
    if (this.#isOutdated) this.#renewOutdated();
    else if (!this.#isDown && !this.#hasEnded) this.#seat.live().send({ kind: 'configure', route });
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancelRestart();
    this.#cancelCheck();
    this.#seat.end();
  }

  #start(): Child<IntakeCommand> {
    const { register, route } = this.#setting;
    this.#isOutdated = false;
    const born: Child<IntakeCommand> = startChild<{ route: RouteSettings }, IntakeCommand, Event>({
      kind: 'intake',
      init: { route: this.#route },
      env: { UV_THREADPOOL_SIZE: '8' },
      accepts: acceptsOfIntake(route.name),
      onMessage: (event) => this.#hear(event),
      onEnd: (end) => this.#ended(endText('intake', end)),
      onGone: () => register.gone(born.pid),
    });
    register.born('intake', born);
    return born;
  }

  #ended(text: string): void {
    const { after, log, route } = this.#setting;
    log('error', `${route.name}: ${text}`);
    this.#isDown = true;
    if (!this.#hasEnded) this.#listings.ended();
    this.#cancelRestart = after(this.#restartMs, () => this.#restart());
    this.#restartMs = Math.min(this.#restartMs * 2, limits.restartLastMs);
  }

  #hear(event: Event): void {
    this.#restartMs = limits.restartFirstMs;
    if (event.kind === 'source_state') this.#isSilent = event.state === 'silent';
    if (!this.#isSilent) this.#seat.answered();
    this.#listings.pass(event);
  }

  #restart(): void {
    if (this.#hasEnded) return;
    this.#isDown = false;
    this.#seat.live();
    this.#reportRestart();
  }

  /** Replaces an outdated process. If so many processes hang that none may be started, the next check tries again. */
  #renewOutdated(): void {
    if (this.#hasEnded || this.#isDown || !this.#isOutdated || !this.#seat.renew()) return;
    this.#isSilent = false;
    this.#reportRestart();
  }

  #check(): void {
    if (this.#hasEnded) return;
    this.#cancelCheck = this.#setting.after(limits.heartbeatMs, () => this.#check());
    this.#renewOutdated();
    this.#replaceSilent();
  }

  /** Replaces the process of a silent source that was mounted again: only a new process reaches the new mount. */
  #replaceSilent(): void {
    if (this.#isDown || (!this.#isSilent && !isMute(this.#seat.live(), this.#setting.monotonic(), limits.silentChildMs))) return;
    if (this.#seat.stuck().kind !== 'replaced') return;
    this.#isSilent = false;
    this.#reportRestart();
  }

  #reportRestart(): void {
    const { offer, route } = this.#setting;
    offer({ kind: 'intake_restarted', route: route.name });
  }
}
