import type { Effect } from '@sluice/core';
import { type CoreSettings, type RouteName, type RouteSettings, smallLanes, unreachable } from '@sluice/core/model';
import { carrierEnvironment, type OtherSource } from '@sluice/transport';
import type { Performer } from '../ports.ts';
import { type CarrierCrew, createCarrierCrew } from './carrier-crew.ts';
import type { Crew, CrewSetting } from './crew.ts';
import { createIntakeCrew, type IntakeCrew } from './intake-crew.ts';
import { createProberCrew, type ProberCrew } from './prober-crew.ts';
import { createRemoverCrew, type RemoverCrew } from './remover-crew.ts';
import { createWindows } from './shared-memory.ts';

interface RouteCrews {
  readonly intake: IntakeCrew;
  readonly prober: ProberCrew;
  readonly carrier: CarrierCrew;
  readonly remover: RemoverCrew;
}

/** All child processes, and the effects that the agent performs itself. */
export interface Children extends Performer {
  end(): Promise<void>;
}

/** The effects that the agent performs itself. */
interface OwnEffects {
  /** The operator's commands. */
  hook(effect: Extract<Effect, { kind: 'attention' | 'attention_over' | 'prepare' }>): void;
  /** Called when other settings of the routes are in force, after their children have got them. */
  configured(): void;
  /** Called when a removed route has ended, after its children were ended. */
  routeEnded(route: RouteName): void;
  stopped(): void;
}

/** Creates the crews of all routes. None of their processes runs yet. */
export function createChildren(settings: CoreSettings, setting: Omit<CrewSetting, 'route'>, own: OwnEffects): Children {
  return new AllCrews(settings, setting, own);
}

class AllCrews implements Children {
  readonly #setting: Omit<CrewSetting, 'route'>;
  readonly #own: OwnEffects;
  readonly #env: Readonly<Record<string, string>>;
  /** For the routes with which the agent started. The carrier of a route that was added later reads alone. */
  readonly #windowsOf: ReturnType<typeof createWindows>;
  readonly #startRoutes: readonly RouteSettings[];
  readonly #crews = new Map<RouteName, RouteCrews>();
  /** The source of every route. Absolute paths. */
  readonly #sources = new Map<RouteName, string>();
  /** The probers of ended routes, which may still answer a question. */
  readonly #lastWords = new Set<Promise<void>>();

  constructor(settings: CoreSettings, setting: Omit<CrewSetting, 'route'>, own: OwnEffects) {
    this.#setting = setting;
    this.#own = own;
    this.#env = carrierEnvironment(settings.lanes + settings.growingLanes, smallLanes(settings));
    this.#windowsOf = createWindows(settings.routes);
    this.#startRoutes = settings.routes;
    for (const route of settings.routes) this.#add(route);
  }

  async end(): Promise<void> {
    for (const { intake, carrier, remover } of this.#crews.values()) {
      carrier.end();
      remover.end();
      intake.end();
    }
    for (const route of this.#startRoutes) this.#windowsOf(route).end();
    await Promise.all([...this.#lastWords, ...[...this.#crews.values()].map(({ prober }) => prober.end())]);
  }

  perform(effect: Effect): void {
    switch (effect.kind) {
      case 'attention':
      case 'attention_over':
      case 'prepare':
        return this.#own.hook(effect);
      case 'configure_routes':
        return this.#configure(effect.routes);
      case 'route_drained':
        return this.#setting.offer({ kind: 'route_left', route: effect.route });
      case 'end_route':
        return this.#endRoute(effect.route);
      case 'stopped':
        return this.#own.stopped();
      case 'list_source':
      case 'check_paths':
        return this.#crews.get(effect.route)?.intake.perform(effect);
      case 'probe':
      case 'write_marker':
        return this.#crews.get(effect.route)?.prober.perform(effect);
      case 'preflight':
      case 'copy':
      case 'publish':
      case 'read_back_fresh':
        return this.#crews.get(effect.order.route)?.carrier.perform(effect);
      case 'remove_source':
        return this.#crews.get(effect.order.route)?.remover.perform(effect);
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
        return this.#crews.get(effect.route)?.carrier.perform(effect);
      default:
        return unreachable(effect);
    }
  }

  #configure(routes: readonly RouteSettings[]): void {
    for (const route of routes) {
      this.#sources.set(route.name, route.source);
      const crews = this.#crews.get(route.name);
      if (crews === undefined) this.#add(route);
      else for (const crew of Object.values<Pick<Crew, 'configure'>>({ ...crews })) crew.configure(route);
    }
    this.#own.configured();
  }

  #add(route: RouteSettings): void {
    const mine = { ...this.#setting, route };
    this.#sources.set(route.name, route.source);
    const carrier = createCarrierCrew(mine, this.#env, this.#windowsOf(route));
    const [intake, prober, remover] = [
      createIntakeCrew(mine),
      createProberCrew(mine),
      createRemoverCrew(mine, () => this.#otherSources(route.name)),
    ];
    this.#crews.set(route.name, { intake, prober, carrier, remover });
  }

  #otherSources(name: RouteName): readonly OtherSource[] {
    return [...this.#sources].filter(([route]) => route !== name).map(([route, path]) => ({ route, path }));
  }

  #endRoute(name: RouteName): void {
    const crews = this.#crews.get(name);
    if (crews === undefined) return;
    this.#crews.delete(name);
    this.#sources.delete(name);
    crews.carrier.end();
    crews.remover.end();
    crews.intake.end();
    const lastWord = crews.prober.end().finally(() => this.#lastWords.delete(lastWord));
    this.#lastWords.add(lastWord);
    this.#own.routeEnded(name);
  }
}
