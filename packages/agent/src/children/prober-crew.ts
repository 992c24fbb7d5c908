import { type Child, startChild, superviseChild } from '@sluice/child';
import type { Effect } from '@sluice/core';
import type { ProbeResult } from '@sluice/core/model';
import type { ProberCommand, ProberInit, ProberMessage } from '@sluice/transport';
import { limits } from '../limits.ts';
import { type Crew, type CrewSetting, endText, targetOf } from './crew.ts';
import { acceptsOfProber } from './message-checks.ts';

/** The process that probes one destination. */
export interface ProberCrew extends Omit<Crew, 'end'> {
  perform(effect: ProberCommand): void;
  /** Lets a running probe finish, up to a limit. A process that is ended between two calls would leave its probe file behind. */
  end(): Promise<void>;
}

/**
 * Creates the prober crew of a route. A probe without an answer leaves its process stuck. The process is kept, because its late
 * answer shows that the storage is back, until a new one may be started next to it.
 */
export function createProberCrew({ route, agentId, offer, after, monotonic, register, log }: CrewSetting): ProberCrew {
  const seat = superviseChild({ path: () => targetOf(route.destination), start, now: monotonic });
  let unanswered: { readonly probeId: Extract<Effect, { kind: 'probe' }>['probeId']; readonly sentAt: number } | null = null;
  let settings = route;
  let isMarking = false;
  let hasEnded = false;
  const lastWord = Promise.withResolvers<void>();

  function start(): Child<ProberCommand> {
    const born: Child<ProberCommand> = startChild<ProberInit, ProberCommand, ProberMessage>({
      kind: 'prober',
      init: { route, agentId },
      env: { UV_THREADPOOL_SIZE: '8' },
      accepts: acceptsOfProber(route.name),
      onMessage: hear,
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('prober', end)}`);
        const lost = unanswered;
        unanswered = null;
        isMarking = false;
        if (hasEnded) {
          lastWord.resolve();
          return;
        }
        if (lost !== null)
          offer({ kind: 'probe_answered', route: route.name, probeId: lost.probeId, result: childLost(endText('prober', end)) });
      },
      onGone: () => register.gone(born.pid),
    });
    register.born('prober', born);
    return born;
  }

  const hear = (message: ProberMessage): void => {
    if (message.kind === 'probe_answered') {
      unanswered = null;
      seat.answered();
    } else isMarking = false;
    if (!hasEnded) offer(message);
    else if (unanswered === null && !isMarking) lastWord.resolve();
  };

  /** Replaces the process if it is stuck and a new one may be started. */
  const replaceStuck = (): void => {
    if (unanswered === null || monotonic() - unanswered.sentAt < settings.probe.deadlineMs) return;
    const answer = seat.stuck();
    if (answer.kind === 'replaced') unanswered = null;
    if (answer.kind === 'hung') offer({ kind: 'prober_hung', route: route.name, pids: answer.pids });
  };

  return {
    perform(effect) {
      if (hasEnded) return;
      replaceStuck();
      if (effect.kind === 'probe') unanswered ??= { probeId: effect.probeId, sentAt: monotonic() };
      else isMarking = true;
      seat.live().send(effect);
    },
    configure: (next) => void (settings = next),
    async end() {
      hasEnded = true;
      const isAt = unanswered !== null || isMarking;
      const callOff = after(limits.lastWordMs, () => lastWord.resolve());
      if (isAt) await lastWord.promise;
      callOff();
      seat.end();
    },
  };
}

function childLost(how: string): ProbeResult {
  return {
    kind: 'bad',
    cause: 'unreachable',
    code: 'CHILD_LOST',
    finding: { kind: 'prober_lost', how },
    description: null,
  };
}
