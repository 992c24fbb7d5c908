import type { Effect, Event } from '@sluice/core';
import type { Finding, GateCause, ProbeResult, RouteName } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { FakeDestination, Weather } from './destination.ts';

type ProbeEffect = Extract<Effect, { kind: 'probe' }>;

/** Does what a prober process does: checks whether the destination is there. */
export interface FakeProber {
  probe(effect: ProbeEffect): void;
  writeMarker(effect: Extract<Effect, { kind: 'write_marker' }>): void;
}

/** What a simulated prober needs. */
export interface FakeProberSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly destination: FakeDestination;
  readonly offer: (event: Event) => void;
}

const answerMs = 2;

/** Returns a simulated prober. */
export function createFakeProber({ clock, route, destination, offer }: FakeProberSetting): FakeProber {
  const answer = (effect: ProbeEffect): void => {
    if (destination.weather() === 'silent') {
      destination.whenAnswering(() => answer(effect));
      return;
    }
    const result = resultOf(destination, effect);
    clock.after(destination.latencyMs(), () => offer({ kind: 'probe_answered', route, probeId: effect.probeId, result }));
  };
  return {
    probe: (effect) => void clock.after(answerMs, () => answer(effect)),
    writeMarker: ({ marker }) =>
      void clock.after(answerMs, () => {
        if (destination.marker() === null) destination.setMarker(marker);
        offer({ kind: 'marker_written', route, marker: destination.marker() ?? marker });
      }),
  };
}

const causes = { down: 'unreachable', silent: 'timeout', read_only: 'read_only', wrong_disk: 'not_the_destination' } as const;

const mount = { path: '/destination', mountId: 1 } as const;

const refusals: ReadonlyMap<string, GateCause> = new Map([
  ['EROFS', 'read_only'],
  ['EACCES', 'denied'],
]);

/** That no file can be created is found only by creating one. */
function resultOf(destination: FakeDestination, { expectedMarker, writes }: ProbeEffect): ProbeResult {
  const weather = destination.weather();
  const refused = destination.createRefusal();
  const refusal = refused === null ? undefined : refusals.get(refused);
  // The probe file cannot be created either, unless it is the length of the name that is refused: its own is short.
  if (writes && weather === 'good' && refused !== null && refusal !== undefined) {
    return {
      kind: 'bad',
      cause: refusal,
      code: refused,
      finding: { kind: 'call_failed', operation: 'create a probe file' },
      description: null,
    };
  }
  const isHere = weather === 'good' || weather === 'full';
  const found = destination.marker();
  if (isHere && expectedMarker !== null && found !== expectedMarker) {
    const finding: Finding =
      found === null ? { kind: 'marker_missing', expected: expectedMarker } : { kind: 'marker_differs', found, expected: expectedMarker };
    return { kind: 'bad', cause: 'not_the_destination', code: 'MARKER', finding, description: null };
  }
  if (isHere && found === null) return { kind: 'unmarked', mount, description: '(simulated)' };
  if (isHere) {
    const space = { totalBytes: 1e12, freeBytes: destination.freeBytes() ?? 5e11 };
    const isFull = writes && (weather === 'full' || refused === 'ENOSPC');
    return { kind: 'good', mount: { ...mount, marker: found ?? '' }, space, isFull, description: '(simulated)', marker: found };
  }
  const finding = { kind: 'call_failed', operation: `simulated ${weather}` } as const;
  return { kind: 'bad', cause: causes[weather], code: codeOf(weather), finding, description: null };
}

function codeOf(weather: Weather): string {
  return weather === 'read_only' ? 'EROFS' : 'EIO';
}
