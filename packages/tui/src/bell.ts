import type { ScreenFrame } from '@sluice/control';

/**
 * Whether the change between two frames is one that somebody in the next room wants to hear of: the first failure, and the moment
 * when all is well again.
 */
export function ringsBell(before: ScreenFrame | null, after: ScreenFrame): boolean {
  if (before === null || before.agent.pid !== after.agent.pid) return false;
  const wasTroubled = isTroubled(before);
  if (wasTroubled) return !isTroubled(after);
  return isTroubled(after) || failures(after) > failures(before);
}

function isTroubled({ routes, totals }: ScreenFrame): boolean {
  return totals.failed > 0 || routes.some(({ gate }) => gate.state === 'closed' && gate.cause !== 'unknown');
}

/** Of all that were carried, also those that were found again at once. */
function failures({ totals }: ScreenFrame): number {
  return totals.failed + totals.recovered;
}
