import { type Child, startChild, superviseChild } from '@sluice/child';
import type { ProbeId, ProbeResult } from '@sluice/core';
import type { ProberCommand, ProberInit, ProberMessage } from '@sluice/transport';
import { type Crew, type CrewSetting, endText } from './crew.ts';
import { placeOf } from './place.ts';

/** The process that asks one destination whether it is there. */
export interface ProberCrew extends Crew {
  perform(effect: ProberCommand): void;
}

/**
 * A question that is not answered leaves its process stuck: it is kept, for its late answer tells that the storage is
 * back, until a new one may be started beside it.
 */
export function createProberCrew({ route, agentId, offer, monotonic, register, log }: CrewSetting): ProberCrew {
  const seat = superviseChild({ place: () => placeOf(route.destination), start, now: monotonic });
  let unanswered: { readonly probeId: ProbeId; readonly sentAt: number } | null = null;
  let hasEnded = false;

  function start(): Child<ProberCommand> {
    const born: Child<ProberCommand> = startChild<ProberInit, ProberCommand, ProberMessage>({
      kind: 'prober',
      init: { route, agentId },
      env: { UV_THREADPOOL_SIZE: '8' },
      onMessage: hear,
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('prober', end)}`);
        const lost = unanswered;
        unanswered = null;
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
    }
    offer(message);
  };

  /** The live process, unless it is stuck and may be replaced by now. */
  const replaceStuck = (): void => {
    if (unanswered === null || monotonic() - unanswered.sentAt < route.probe.deadlineMs) return;
    const answer = seat.stuck();
    if (answer.kind === 'replaced') unanswered = null;
    if (answer.kind === 'hung') offer({ kind: 'prober_hung', route: route.name, pids: answer.pids });
  };

  return {
    perform(effect) {
      if (hasEnded) return;
      replaceStuck();
      if (effect.kind === 'probe') unanswered ??= { probeId: effect.probeId, sentAt: monotonic() };
      seat.live().send(effect);
    },
    end() {
      hasEnded = true;
      seat.end();
    },
  };
}

function childLost(technical: string): ProbeResult {
  return {
    kind: 'bad',
    cause: 'unreachable',
    code: 'CHILD_LOST',
    operator: 'the question to the destination was lost; it is asked again',
    technical,
    description: null,
  };
}
