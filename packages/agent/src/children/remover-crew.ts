import { type Child, startChild, superviseChild } from '@sluice/child';
import type { RemovalId } from '@sluice/core/model';
import type { RemoverCommand, RemoverInit, RemoverMessage } from '@sluice/transport';
import { limits } from '../limits.ts';
import { acceptsOfRemover } from './accepted.ts';
import { type Crew, type CrewSetting, endText, isMute, targetOf } from './crew.ts';

/** The process that removes files of one source. It runs only while it has orders. */
export interface RemoverCrew extends Crew {
  perform(effect: RemoverCommand): void;
}

/** Creates the remover of a route; its process does not run yet. A source that hangs delays only its own removals. */
export function createRemoverCrew({ route, offer, after, monotonic, register, log }: CrewSetting): RemoverCrew {
  const seat = superviseChild({ path: () => targetOf(route.source), start, now: monotonic });
  const unanswered = new Set<RemovalId>();
  let running: Child<RemoverCommand> | null = null;
  let hasEnded = false;
  let cancelCheck = (): void => {};
  let cancelRest = (): void => {};

  function start(): Child<RemoverCommand> {
    const born: Child<RemoverCommand> = startChild<RemoverInit, RemoverCommand, RemoverMessage>({
      kind: 'remover',
      init: { route },
      env: { UV_THREADPOOL_SIZE: '16' },
      accepts: acceptsOfRemover(route.name),
      onMessage: hear,
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('remover', end)}`);
        lose('ended');
      },
      onGone: () => register.gone(born.pid),
    });
    register.born('remover', born);
    running = born;
    return born;
  }

  const hear = (message: RemoverMessage): void => {
    unanswered.delete(message.removalId);
    seat.answered();
    if (unanswered.size === 0) rest();
    if (!hasEnded) offer(message);
  };

  const lose = (code: string): void => {
    cancelCheck();
    running = null;
    if (unanswered.size === 0 || hasEnded) return;
    unanswered.clear();
    offer({ kind: 'remover_lost', route: route.name, code });
  };

  /** Ends the process if it has had no order for a while. */
  const rest = (): void => {
    cancelCheck();
    cancelRest();
    cancelRest = after(limits.removerIdleMs, () => {
      if (unanswered.size > 0) return;
      running = null;
      seat.end();
    });
  };

  const watch = (): void => {
    cancelCheck();
    cancelCheck = after(limits.heartbeatMs, check);
  };

  /** Replaces a process whose call hangs as soon as another one may be started. */
  const check = (): void => {
    if (hasEnded || unanswered.size === 0) return;
    watch();
    const child = running ?? seat.live();
    const hangsMs = child.activity()?.sinceMs ?? 0;
    if (hangsMs < route.stallMaxMs && !isMute(child, monotonic(), limits.silentChildMs)) return;
    if (seat.stuck().kind === 'replaced') lose('hung');
  };

  return {
    perform(effect) {
      if (hasEnded) return;
      cancelRest();
      const isFirst = unanswered.size === 0;
      unanswered.add(effect.order.removalId);
      seat.live().send(effect);
      if (isFirst) watch();
    },
    end() {
      hasEnded = true;
      cancelCheck();
      cancelRest();
      seat.end();
    },
  };
}
