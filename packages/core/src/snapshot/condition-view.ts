import { conditionOf, isUnknown } from '../conditions/present.ts';
import type { RouteCondition } from '../messages/effect.ts';
import { type RouteTroubleName, routeTroubleNames } from '../model/conditions.ts';
import { roomShort } from '../state/space-shortage.ts';
import type { CoreState, RouteState } from '../state/state.ts';
import { timeText } from './file-view.ts';

/** A condition of a route for which a person is called. `words` turns it into text. */
export interface ConditionView {
  readonly name: RouteTroubleName;
  /** When it began, as far as this agent knows. */
  readonly since: string;
  /** False: it has not lasted for `attention_after` yet. */
  readonly isCalled: boolean;
  /** The condition, with `forMs` 0. */
  readonly condition: RouteCondition;
}

/** Returns the conditions of a route that need a person now. */
export function viewConditions(state: CoreState, route: RouteState): readonly ConditionView[] {
  if (route.troubles.size === 0) return [];
  const room = roomShort(state, route);
  return routeTroubleNames.flatMap((name) => {
    const trouble = route.troubles.get(name);
    const condition = trouble === undefined || isUnknown(route, name) ? null : conditionOf(state, route, name, { forMs: 0, room });
    if (trouble === undefined || condition === null) return [];
    return [{ name, since: timeText(trouble.sinceWall), isCalled: trouble.isCalled, condition }];
  });
}
