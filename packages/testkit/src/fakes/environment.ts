import type { Condition, Effect, Event } from '@sluice/core';
import { type RouteName, type RouteTroubleName, unreachable } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import { createFakeCarrier, type FakeCarrier } from './carrier/carrier.ts';
import type { FakeDestination } from './destination.ts';
import { createFakeIntake, type FakeIntake } from './intake.ts';
import { createFakeProber, type FakeProber } from './prober.ts';
import { createFakeRemover, type FakeRemover } from './remover.ts';
import type { FakeSource } from './source.ts';

/** The two ends of a route. Two routes may have the same source. */
export interface FakeRoute {
  readonly route: RouteName;
  readonly source: FakeSource;
  readonly destination: FakeDestination;
}

/** The options of a simulated environment. */
export interface FakeEnvironmentSetting {
  readonly clock: SimClock;
  readonly routes: readonly FakeRoute[];
  /** The routes that the agent begins with. Absent: all of them. */
  readonly present?: readonly RouteName[];
  readonly offer: (event: Event) => void;
  readonly bytesPerMs: number;
  readonly stallAfterMs: number;
  readonly quietForMs: number;
  /** Reports of ended carriers arrive, late. */
  readonly reportsLate: boolean;
}

/** The children of one route. */
export interface FakeCrew {
  readonly carrier: FakeCarrier;
  readonly intake: FakeIntake;
  readonly prober: FakeProber;
  readonly remover: FakeRemover;
}

/** A call of a person: something began that needs one, or it is over. */
export interface FakeCall {
  readonly what: 'begun' | 'over';
  readonly route: RouteName;
  readonly name: RouteTroubleName;
}

/** Carries out every effect as the children would, in simulated time, until the agent's life ends. */
export interface FakeEnvironment {
  perform(effect: Effect): void;
  /** @throws Error if the route has no crew */
  crew(route: RouteName): FakeCrew;
  /** Returns whether the route has a crew: it is configured. */
  hasCrew(route: RouteName): boolean;
  /** Effects that were requested, by kind. */
  readonly asked: Map<Effect['kind'], number>;
  readonly attention: Condition[];
  /** What a person was called for and what was over, in this order. */
  readonly calls: FakeCall[];
  hasStopped(): boolean;
  /** Ends the agent. Its children end before their next call; earlier calls are still carried out. */
  end(): void;
}

const performMs = 2;
const noticeMs = 20;
const prepareMs = 3_000;
const silentAfterMs = 10_000;

/** Returns an environment that carries out effects in simulated time. */
export function createFakeEnvironment(setting: FakeEnvironmentSetting): FakeEnvironment {
  return new SimulatedEnvironment(setting);
}

class SimulatedEnvironment implements FakeEnvironment {
  readonly asked = new Map<Effect['kind'], number>();
  readonly attention: Condition[] = [];
  readonly calls: FakeCall[] = [];
  readonly #offer: FakeEnvironmentSetting['offer'];
  readonly #clock: SimClock;
  readonly #crews = new Map<RouteName, FakeCrew>();
  readonly #setting: FakeEnvironmentSetting;
  #hasStopped = false;
  #hasEnded = false;

  constructor(setting: FakeEnvironmentSetting) {
    this.#clock = setting.clock;
    this.#offer = setting.offer;
    this.#setting = setting;
    const { present } = setting;
    for (const route of setting.routes) if (present?.includes(route.route) ?? true) this.#addCrew(setting, route);
  }

  perform(effect: Effect): void {
    this.asked.set(effect.kind, (this.asked.get(effect.kind) ?? 0) + 1);
    this.#clock.after(performMs, () => {
      if (!this.#hasEnded) this.#performNow(effect);
    });
  }

  crew(route: RouteName): FakeCrew {
    const crew = this.#crews.get(route);
    if (crew === undefined) throw new Error(`no route ${route} in this environment`);
    return crew;
  }

  hasCrew(route: RouteName): boolean {
    return this.#crews.has(route);
  }

  hasStopped(): boolean {
    return this.#hasStopped;
  }

  end(): void {
    this.#hasEnded = true;
    for (const { carrier, remover } of this.#crews.values()) {
      carrier.end();
      remover.end();
    }
  }

  #addCrew(setting: FakeEnvironmentSetting, { route, source, destination }: FakeRoute): void {
    const own = { ...setting, route, source, destination, silentAfterMs };
    const [carrier, intake, prober] = [createFakeCarrier(own), createFakeIntake(own), createFakeProber(own)];
    const crew = { carrier, intake, prober, remover: createFakeRemover(own) };
    this.#crews.set(route, crew);
    source.onChange((path) => this.#clock.after(noticeMs, () => this.#hasEnded || crew.intake.notice(path)));
  }

  /** Of a route that came, or came back. */
  #addCrewOf(name: RouteName): void {
    const route = this.#setting.routes.find((each) => each.route === name);
    if (route !== undefined && !this.#crews.has(name)) this.#addCrew(this.#setting, route);
  }

  #performNow(effect: Effect): void {
    switch (effect.kind) {
      case 'list_source':
      case 'check_paths':
        return this.crew(effect.route).intake.perform(effect);
      case 'probe':
        return this.crew(effect.route).prober.probe(effect);
      case 'write_marker':
        return this.crew(effect.route).prober.writeMarker(effect);
      case 'preflight':
      case 'copy':
      case 'publish':
      case 'read_back_fresh':
        return this.crew(effect.order.route).carrier.perform(effect);
      case 'remove_source':
        return this.crew(effect.order.route).remover.perform(effect);
      case 'read_back':
      case 'follow_again':
      case 'withdraw':
      case 'give_up':
      case 'forget':
      case 'hash_source':
      case 'remove_parts':
      case 'mark_leftover':
      case 'remove_leftover':
      case 'end_carrier':
        return this.crew(effect.route).carrier.perform(effect);
      case 'attention':
        this.attention.push(effect.condition);
        this.calls.push({ what: 'begun', route: effect.route, name: effect.name });
        return;
      case 'attention_over':
        this.calls.push({ what: 'over', route: effect.route, name: effect.name });
        return;
      case 'prepare':
        this.#clock.after(prepareMs, () => {
          if (!this.#hasEnded) this.#offer({ kind: 'prepared', route: effect.route });
        });
        return;
      case 'configure_routes':
        for (const { name } of effect.routes) this.#addCrewOf(name);
        return;
      case 'route_drained':
        return this.#offer({ kind: 'route_left', route: effect.route });
      case 'end_route':
        this.crew(effect.route).carrier.end();
        this.#crews.delete(effect.route);
        return;
      case 'stopped':
        this.#hasStopped = true;
        return;
      default:
        return unreachable(effect);
    }
  }
}
