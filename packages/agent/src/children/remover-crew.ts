import { type Child, startChild, superviseChild } from '@sluice/child';
import type { Effect } from '@sluice/core';
import type { RemovalOrder, RouteSettings } from '@sluice/core/model';
import type { OtherSource, RemoverCommand, RemoverInit, RemoverMessage } from '@sluice/transport';
import { limits } from '../limits.ts';
import { type Crew, type CrewSetting, endText, isMute, targetOf } from './crew.ts';
import { acceptsOfRemover } from './message-checks.ts';

/** The process that removes files of one source. It runs only while it has orders. */
export interface RemoverCrew extends Crew {
  perform(effect: Extract<Effect, { kind: 'remove_source' }>): void;
}

/**
 * Creates the remover of a route; its process does not run yet. A source that hangs delays only its own removals.
 *
 * @param otherSources returns the sources of all other routes
 */
export function createRemoverCrew(setting: CrewSetting, otherSources: () => readonly OtherSource[]): RemoverCrew {
  return new SeatedRemover(setting, otherSources);
}

class SeatedRemover implements RemoverCrew {
  readonly #setting: CrewSetting;
  readonly #otherSources: () => readonly OtherSource[];
  readonly #seat: ReturnType<typeof superviseChild<Child<RemoverCommand>>>;
  #route: RouteSettings;
  readonly #unanswered = new Set<RemovalOrder['removalId']>();
  #running: Child<RemoverCommand> | null = null;
  #hasEnded = false;
  #cancelCheck = (): void => undefined;
  #cancelRest = (): void => undefined;

  constructor(setting: CrewSetting, otherSources: () => readonly OtherSource[]) {
    const { route, monotonic } = setting;
    this.#setting = setting;
    this.#otherSources = otherSources;
    this.#route = route;
    this.#seat = superviseChild({ path: () => targetOf(route.source), start: () => this.#start(), now: monotonic });
  }

  perform(effect: Extract<Effect, { kind: 'remove_source' }>): void {
    if (this.#hasEnded) return;
    this.#cancelRest();
    const isFirst = this.#unanswered.size === 0;
    this.#unanswered.add(effect.order.removalId);
    this.#seat.live().send({ ...effect, otherSources: this.#otherSources() });
    if (isFirst) this.#watch();
  }

  configure(route: RouteSettings): void {
    this.#route = route;
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancelCheck();
    this.#cancelRest();
    this.#seat.end();
  }

  #start(): Child<RemoverCommand> {
    const { route, register, log } = this.#setting;
    const born: Child<RemoverCommand> = startChild<RemoverInit, RemoverCommand, RemoverMessage>({
      kind: 'remover',
      init: { route: this.#route },
      env: { UV_THREADPOOL_SIZE: '16' },
      accepts: acceptsOfRemover(route.name),
      onMessage: (message) => this.#hear(message),
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('remover', end)}`);
        this.#lose('ended');
      },
      onGone: () => register.gone(born.pid),
    });
    register.born('remover', born);
    this.#running = born;
    return born;
  }

  #hear(message: RemoverMessage): void {
    this.#unanswered.delete(message.removalId);
    this.#seat.answered();
    if (this.#unanswered.size === 0) this.#rest();
    if (!this.#hasEnded) this.#setting.offer(message);
  }

  #lose(code: string): void {
    this.#cancelCheck();
    this.#running = null;
    if (this.#unanswered.size === 0 || this.#hasEnded) return;
    this.#unanswered.clear();
    this.#setting.offer({ kind: 'remover_lost', route: this.#setting.route.name, code });
  }

  /** Ends the process if it has had no order for a while. */
  #rest(): void {
    this.#cancelCheck();
    this.#cancelRest();
    this.#cancelRest = this.#setting.after(limits.removerIdleMs, () => {
      if (this.#unanswered.size > 0) return;
      this.#running = null;
      this.#seat.end();
    });
  }

  #watch(): void {
    this.#cancelCheck();
    this.#cancelCheck = this.#setting.after(limits.heartbeatMs, () => this.#check());
  }

  /** Replaces a process whose call hangs as soon as another one may be started. */
  #check(): void {
    if (this.#hasEnded || this.#unanswered.size === 0) return;
    this.#watch();
    const child = this.#running ?? this.#seat.live();
    const hangsMs = child.activity()?.sinceMs ?? 0;
    if (hangsMs < this.#route.stallMaxMs && !isMute(child, this.#setting.monotonic(), limits.silentChildMs)) return;
    if (this.#seat.stuck().kind === 'replaced') this.#lose('hung');
  }
}
