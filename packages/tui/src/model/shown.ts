import { timeOf } from '@sluice/words';
import type { Model } from './model.ts';

/** Returns the picture that is shown: the frozen one, or the newest. */
export function shownFrame(model: Model): Model['frame'] {
  return model.frozen ?? model.frame;
}

/** Returns the moment that is shown: a frozen or stale picture does not get older. Milliseconds since the epoch. */
export function momentOf({ frozen, link, now }: Model): number {
  const frozenAt = frozen === null ? Number.NaN : timeOf(frozen.at);
  if (!Number.isNaN(frozenAt)) return frozenAt;
  return link.kind === 'lost' ? Math.min(now, link.sinceAt) : now;
}
