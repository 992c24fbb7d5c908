import type { Hold } from '../../file.ts';
import type { CoreState, RouteState } from '../../state.ts';
import type { RouteTally } from './tally.ts';

/** How many files of a route wait, and why; without a walk over them. */
export function holdsCounted(state: CoreState, route: RouteState, { holds }: RouteTally): Record<Hold, number> {
  const { byStatus, movable } = route;
  const isOpen = route.gate.state === 'open';
  const isHeld = route.hold !== null;
  const atGate = isOpen || isHeld ? 0 : movable.size;
  return {
    network: byStatus.WAITING_FOR_NETWORK.size + atGate + (isOpen ? 0 : publishing(state, route)),
    space: byStatus.WAITING_FOR_SPACE.size,
    backoff: holds.backoff,
    operator: holds.operator + (isHeld ? movable.size : 0),
    needs_you: holds.needs_you,
  };
}

/** There are no more of them than lanes. */
function publishing(state: CoreState, route: RouteState): number {
  let count = 0;
  for (const id of route.byStatus.VERIFYING) {
    const file = state.files.get(id);
    if (file?.status === 'VERIFYING' && file.publishing.step !== 'none') count += 1;
  }
  return count;
}
