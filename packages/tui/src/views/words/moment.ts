import { timeOf } from '@sluice/words';
import type { Model } from '../../model/model.ts';

/** When that is which is shown: a frozen or stale picture does not grow older. Milliseconds since the epoch. */
export function momentOf({ frozen, link, now }: Model): number {
  const frozenAt = frozen === null ? Number.NaN : timeOf(frozen.at);
  if (!Number.isNaN(frozenAt)) return frozenAt;
  return link.kind === 'lost' ? Math.min(now, link.sinceAt) : now;
}
