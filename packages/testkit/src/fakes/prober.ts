import type { Effect, Event } from '@sluice/core';
import type { Finding, GateCause, ProbeResult, RouteName } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { FakeDestination, Weather } from './destination.ts';

type ProbeEffect = Extract<Effect, { kind: 'probe' }>;

/** Simulates a prober process: it checks whether the destination is online. */
export interface FakeProber {
  probe(effect: ProbeEffect): void;
  writeMarker(effect: Extract<Effect, { kind: 'write_marker' }>): void;
}

/** The options of a simulated prober. */
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
    writeMarker: ({ marker, mount }) =>
      void clock.after(answerMs, () => {
        if (mount.mountId !== destination.disk().mountId) {
          offer({ kind: 'marker_refused', route, result: remounted });
          return;
        }
        if (destination.marker() === null) destination.leaveMarker(marker);
        offer({ kind: 'marker_written', route, marker: destination.marker() ?? marker });
      }),
  };
}

const causes = { down: 'unreachable', silent: 'timeout', read_only: 'read_only', wrong_disk: 'not_the_destination' } as const;

const remounted = {
  kind: 'bad',
  cause: 'unreachable',
  code: 'REMOUNTED',
  finding: { kind: 'marker_refused', operation: 'create' },
  description: null,
} as const;

const refusals: ReadonlyMap<string, GateCause> = new Map([
  ['EROFS', 'read_only'],
  ['EACCES', 'denied'],
]);

/** Returns the result of a probe. Only creating a file shows that none can be created. */
function resultOf(destination: FakeDestination, { expectedMarker, writes }: ProbeEffect): ProbeResult {
  const weather = destination.weather();
  const refused = destination.createRefusal();
  const refusal = refused === null ? undefined : refusals.get(refused);
  // The probe file cannot be created either, unless the length of names is refused: its own name is short.
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
  const mount = { path: '/destination', mountId: destination.disk().mountId };
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
