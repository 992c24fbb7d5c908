import { type Effect, type Event, type RouteName, unreachable } from '@sluice/core';
import type { SimClock } from '../sim-clock.ts';
import { createFakeCarrier, type FakeCarrier } from './carrier.ts';
import type { FakeDestination } from './destination.ts';
import { createFakeIntake, type FakeIntake } from './intake.ts';
import { createFakeProber, type FakeProber } from './prober.ts';
import type { FakeSource } from './source.ts';

/** A route's two ends. Two routes may have the same source. */
export interface FakePlace {
  readonly route: RouteName;
  readonly source: FakeSource;
  readonly destination: FakeDestination;
}

export interface FakeWorldSetting {
  readonly clock: SimClock;
  readonly places: readonly FakePlace[];
  readonly offer: (event: Event) => void;
  readonly bytesPerMs: number;
  readonly stallAfterMs: number;
  readonly quietForMs: number;
  /** Words of dead carriers are heard, late. */
  readonly tellsLate: boolean;
}

/** The children of one route. */
export interface FakeCrew {
  readonly carrier: FakeCarrier;
  readonly intake: FakeIntake;
  readonly prober: FakeProber;
}

/** Answers every effect as the children would, in simulated time, until the agent's life ends. */
export interface FakeWorld {
  perform(effect: Effect): void;
  crew(route: RouteName): FakeCrew;
  /** Effects asked for, by kind. */
  readonly asked: Map<Effect['kind'], number>;
  readonly attention: string[];
  hasStopped(): boolean;
  /** The agent is gone, its children end before their next call; what was sent goes on. */
  end(): void;
}

const performMs = 2;
const noticeMs = 20;

export function createFakeWorld(setting: FakeWorldSetting): FakeWorld {
  const { clock } = setting;
  const asked = new Map<Effect['kind'], number>();
  const attention: string[] = [];
  let hasStopped = false;
  let hasEnded = false;

  const crews = new Map<RouteName, FakeCrew>();
  for (const { route, source, destination } of setting.places) {
    const mine = { ...setting, route, source, destination, silentAfterMs: 10_000 };
    const crew = { carrier: createFakeCarrier(mine), intake: createFakeIntake(mine), prober: createFakeProber(mine) };
    crews.set(route, crew);
    source.onChange((path) => clock.after(noticeMs, () => hasEnded || crew.intake.notice(path)));
  }

  const crewOf = (route: RouteName): FakeCrew => {
    const crew = crews.get(route);
    if (crew === undefined) throw new Error(`no route ${route} in this world`);
    return crew;
  };

  const perform = (effect: Effect): void => {
    switch (effect.kind) {
      case 'list_source':
      case 'look':
        return crewOf(effect.route).intake.perform(effect);
      case 'probe':
        return crewOf(effect.route).prober.probe(effect);
      case 'write_marker':
        return crewOf(effect.route).prober.writeMarker(effect);
      case 'preflight':
      case 'copy':
      case 'publish':
      case 'read_back_fresh':
        return crewOf(effect.order.route).carrier.perform(effect);
      case 'read_back':
      case 'follow_again':
      case 'withdraw':
      case 'give_up':
      case 'forget':
      case 'hash_source':
      case 'remove_parts':
      case 'mark_leftover':
      case 'end_carrier':
        return crewOf(effect.route).carrier.perform(effect);
      case 'attention':
        attention.push(effect.summary);
        return;
      case 'stopped':
        hasStopped = true;
        return;
      default:
        return unreachable(effect);
    }
  };

  return {
    perform(effect) {
      asked.set(effect.kind, (asked.get(effect.kind) ?? 0) + 1);
      clock.after(performMs, () => {
        if (!hasEnded) perform(effect);
      });
    },
    crew: crewOf,
    asked,
    attention,
    hasStopped: () => hasStopped,
    end() {
      hasEnded = true;
      for (const { carrier } of crews.values()) carrier.end();
    },
  };
}
