import { type Child, createSeats, startChild } from '@sluice/child';
import type { Effect, Event, ProbeId, ProbeResult } from '@sluice/core';
import { type Crew, type CrewSetting, endText } from './crew.ts';
import { placeOf } from './place.ts';

type ProberEffect = Extract<Effect, { kind: 'probe' | 'write_marker' }>;
type ProberEvent = Extract<Event, { kind: 'probe_answered' | 'marker_written' }>;

/** The process that asks one destination whether it is there. */
export interface ProberCrew extends Crew {
  perform(effect: ProberEffect): void;
}

/**
 * A question that is not answered leaves its process stuck: it is kept, for its late answer tells that the storage is
 * back, until a new one may be started beside it.
 */
export function createProberCrew(setting: CrewSetting): ProberCrew {
  const { route, agentId, offer, monotonic, register, log } = setting;
  const seats = createSeats();
  let child: Child<ProberEffect> | null = null;
  let place = '';
  let unanswered: { readonly probeId: ProbeId; readonly sentAt: number } | null = null;
  let hasEnded = false;

  const start = (): Child<ProberEffect> => {
    place = placeOf(route.destination);
    const born: Child<ProberEffect> = startChild<{ route: typeof route; agentId: string }, ProberEffect, ProberEvent>({
      kind: 'prober',
      init: { route, agentId },
      env: { UV_THREADPOOL_SIZE: '8' },
      onMessage: hear,
      onEnd: (end) => {
        log('error', `${route.name}: ${endText('prober', end)}`);
        child = null;
        const lost = unanswered;
        unanswered = null;
        if (lost !== null) offer({ kind: 'probe_answered', route: route.name, probeId: lost.probeId, result: childLost(end) });
      },
      onGone: () => register.gone(born.pid),
    });
    register.born('prober', born.pid);
    return born;
  };

  const hear = (event: ProberEvent): void => {
    if (event.kind === 'probe_answered') {
      unanswered = null;
      seats.noteGood();
    }
    offer(event);
  };

  /** A process for this question: the live one, unless it is stuck and may be replaced by now. */
  const forQuestion = (): Child<ProberEffect> | null => {
    if (child === null) return start();
    if (unanswered === null || monotonic() - unanswered.sentAt < route.probe.deadlineMs) return child;
    const now = placeOf(route.destination);
    if (!seats.mayReplace(now, monotonic())) {
      const pids = seats.hung(now);
      if (pids !== null) offer({ kind: 'prober_hung', route: route.name, pids });
      return child;
    }
    seats.noteAbandoned({ pid: child.pid, place, isGone: child.isGone }, monotonic());
    child.abandon();
    unanswered = null;
    return start();
  };

  return {
    perform(effect) {
      if (hasEnded) return;
      child = forQuestion();
      if (effect.kind === 'probe') unanswered ??= { probeId: effect.probeId, sentAt: monotonic() };
      child?.send(effect);
    },
    end() {
      hasEnded = true;
      child?.abandon();
    },
  };
}

function childLost(end: { code: number | null; signal: string | null; diagnosis: string }): ProbeResult {
  return {
    kind: 'bad',
    cause: 'unreachable',
    code: 'CHILD_LOST',
    operator: 'the question to the destination was lost; it is asked again',
    technical: endText('prober', end),
    description: null,
  };
}
