import { type Asker, ControlError, type Replies } from '@sluice/control';
import type { CoreState, Operator } from '@sluice/core';
import type { Pruned } from '@sluice/persistence';
import type { Offer } from '../ports.ts';

/** The parts of the agent that pruning on request uses. */
export interface PruningOnRequest {
  readonly state: CoreState;
  readonly offer: Offer;
  readonly wall: () => number;
  /** Removes a part of the records that ended before this moment, wall clock. */
  readonly prune: (before: number) => Pruned;
}

/**
 * Removes from the journal the records that ended before a moment, a small part at a time, so that nothing else is delayed. Each
 * route first records who requested it.
 *
 * @param before milliseconds since the epoch
 * @throws ControlError if the moment is not in the past, or the client has left
 */
export async function pruneBefore(
  { state, offer, wall, prune }: PruningOnRequest,
  before: number,
  who: Operator,
  asker: Asker,
): Promise<Replies['prune']> {
  if (before > wall()) throw new ControlError('invalid', 'only what ended in the past can be removed from the journal');
  for (const route of state.routes.keys()) offer({ kind: 'operator_asked', action: { do: 'prune', route, before }, who });
  const removed = { files: 0, entries: 0 };
  // The agent itself may be in the middle of pruning the journal. That walk is completed first, then a whole one follows.
  for (let walks = 0; walks < 2; ) {
    await asker.pause();
    if (state.hasStopped) throw new ControlError('not_possible', 'the agent is stopping');
    const { files, entries, isDone } = prune(before);
    removed.files += files;
    removed.entries += entries;
    walks += isDone ? 1 : 0;
  }
  return { v: 1, ...removed };
}
