import type { Effect } from '@sluice/core';
import { type CoreSettings, type RouteName, smallLanes, unreachable } from '@sluice/core/model';
import { carrierEnvironment } from '@sluice/transport';
import type { Performer } from '../ports.ts';
import { type CarrierCrew, createCarrierCrew } from './carrier-crew.ts';
import type { CrewSetting } from './crew.ts';
import { createIntakeCrew, type IntakeCrew } from './intake-crew.ts';
import { createProberCrew, type ProberCrew } from './prober-crew.ts';
import { createRemoverCrew, type RemoverCrew } from './remover-crew.ts';
import { createWindows } from './windows.ts';

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
  stopped(): void;
}

/** Creates the crews of all routes. None of their processes runs yet. */
export function createChildren(settings: CoreSettings, setting: Omit<CrewSetting, 'route'>, own: OwnEffects): Children {
  const env = carrierEnvironment(settings.lanes + settings.growingLanes, smallLanes(settings));
  const windowsOf = createWindows(settings.routes);
  const crews = new Map<RouteName, RouteCrews>(
    settings.routes.map((route) => {
      const mine = { ...setting, route };
      const carrier = createCarrierCrew(mine, env, windowsOf(route));
      const [intake, prober, remover] = [createIntakeCrew(mine), createProberCrew(mine), createRemoverCrew(mine)];
      return [route.name, { intake, prober, carrier, remover }];
    }),
  );
  return {
    perform: (effect) => perform(effect, crews, own),
    async end() {
      for (const { intake, carrier, remover } of crews.values()) {
        carrier.end();
        remover.end();
        intake.end();
      }
      for (const route of settings.routes) windowsOf(route).end();
      await Promise.all([...crews.values()].map(({ prober }) => prober.end()));
    },
  };
}

function perform(effect: Effect, crews: ReadonlyMap<RouteName, RouteCrews>, own: OwnEffects): void {
  switch (effect.kind) {
    case 'attention':
    case 'attention_over':
    case 'prepare':
      return own.hook(effect);
    case 'stopped':
      return own.stopped();
    case 'list_source':
    case 'check_paths':
      return crews.get(effect.route)?.intake.perform(effect);
    case 'probe':
    case 'write_marker':
      return crews.get(effect.route)?.prober.perform(effect);
    case 'preflight':
    case 'copy':
    case 'publish':
    case 'read_back_fresh':
      return crews.get(effect.order.route)?.carrier.perform(effect);
    case 'remove_source':
      return crews.get(effect.order.route)?.remover.perform(effect);
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
      return crews.get(effect.route)?.carrier.perform(effect);
    default:
      return unreachable(effect);
  }
}
