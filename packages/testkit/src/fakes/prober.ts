import type { Effect, Event } from '@sluice/core';
import type { GateCause, ProbeResult, RouteName } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { FakeDestination, Weather } from './destination.ts';

type ProbeEffect = Extract<Effect, { kind: 'probe' }>;

/** What a prober process does: it asks the destination whether it is there. */
export interface FakeProber {
  probe(effect: ProbeEffect): void;
  writeMarker(effect: Extract<Effect, { kind: 'write_marker' }>): void;
}

export interface FakeProberSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly destination: FakeDestination;
  readonly offer: (event: Event) => void;
}

const answerMs = 2;

export function createFakeProber({ clock, route, destination, offer }: FakeProberSetting): FakeProber {
  const answer = (effect: ProbeEffect): void => {
    if (destination.weather() === 'silent') {
      destination.whenAnswering(() => answer(effect));
      return;
    }
    const result = resultOf(destination);
    clock.after(destination.latencyMs(), () => offer({ kind: 'probe_answered', route, probeId: effect.probeId, result }));
  };
  return {
    probe: (effect) => void clock.after(answerMs, () => answer(effect)),
    writeMarker: ({ marker }) => void clock.after(answerMs, () => offer({ kind: 'marker_written', route, marker })),
  };
}

const causes = { down: 'unreachable', silent: 'timeout', read_only: 'read_only', wrong_disk: 'not_the_destination' } as const;

const refusals: ReadonlyMap<string, GateCause> = new Map([
  ['EROFS', 'read_only'],
  ['EACCES', 'denied'],
]);

function resultOf(destination: FakeDestination): ProbeResult {
  const weather = destination.weather();
  const refused = destination.createRefusal();
  const refusal = refused === null ? undefined : refusals.get(refused);
  // The probe file cannot be made either, but for its name, which is short.
  if (weather === 'good' && refused !== null && refusal !== undefined) {
    return {
      kind: 'bad',
      cause: refusal,
      code: refused,
      finding: { kind: 'call_failed', operation: 'create a probe file' },
      description: null,
    };
  }
  if (weather === 'good' || weather === 'full') {
    const space = { totalBytes: 1e12, freeBytes: destination.freeBytes() ?? 5e11 };
    const isFull = weather === 'full' || refused === 'ENOSPC';
    return { kind: 'good', mount: { path: '/destination', mountId: 1 }, space, isFull, description: '(simulated)', marker: 'm' };
  }
  const finding = { kind: 'call_failed', operation: `simulated ${weather}` } as const;
  return { kind: 'bad', cause: causes[weather], code: codeOf(weather), finding, description: null };
}

function codeOf(weather: Weather): string {
  return weather === 'read_only' ? 'EROFS' : 'EIO';
}
