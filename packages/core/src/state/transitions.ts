import type { Status } from '../model/file.ts';

/** Every allowed change of state. Any other change is a programming error. */
export const transitions: { readonly [from in Status]: readonly Status[] } = {
  DISCOVERED: ['GROWING', 'READY', 'REMOVED'],
  GROWING: ['READY', 'REMOVED'],
  READY: ['IN_QUEUE', 'DISCOVERED', 'GROWING', 'REMOVED'],
  WAITING_FOR_NETWORK: ['READY', 'REMOVED'],
  WAITING_FOR_SPACE: ['READY', 'REMOVED'],
  IN_QUEUE: ['COPYING', 'GROWING_COPY', 'WAITING_FOR_NETWORK', 'WAITING_FOR_SPACE', 'READY', 'GROWING', 'FAILED', 'REMOVED'],
  COPYING: ['GROWING_COPY', 'VERIFYING', 'FAILED', 'READY'],
  GROWING_COPY: ['VERIFYING', 'FAILED', 'READY'],
  VERIFYING: ['COMPLETED', 'FAILED', 'GROWING_COPY', 'READY'],
  COMPLETED: ['COMPLETED_DELETE_FAILED'],
  COMPLETED_DELETE_FAILED: ['COMPLETED'],
  FAILED: [],
  REMOVED: [],
};

/** Returns whether a file may move from one state to another. Null: it has no state yet. */
export function mayMove(from: Status | null, to: Status): boolean {
  return from === null ? to === 'DISCOVERED' : transitions[from].includes(to);
}
