import type { FileJson } from '@sluice/control';
import { type Status, statuses, unreachable } from '@sluice/core/model';
import type { Tone } from '../figures/paint.ts';

const words = {
  DISCOVERED: 'FOUND',
  GROWING: 'GROWING',
  READY: 'READY',
  WAITING_FOR_NETWORK: 'WAITING',
  WAITING_FOR_SPACE: 'WAITING',
  IN_QUEUE: 'QUEUED',
  COPYING: 'COPYING',
  GROWING_COPY: 'COPYING',
  VERIFYING: 'VERIFY',
  COMPLETED: 'DONE',
  COMPLETED_DELETE_FAILED: 'DONE',
  FAILED: 'FAILED',
  REMOVED: 'REMOVED',
} as const satisfies Record<Status, string>;

export type StateWord = (typeof words)[Status];

/** Returns the word for a state that people read, at most eight letters. JSON and the journal have the state's own name. */
export function stateWord(status: Status): StateWord {
  return words[status];
}

/** Returns the states with this name or word, without regard to case. Empty if no state has it. */
export function statesNamed(name: string): readonly Status[] {
  const wanted = name.toUpperCase();
  const exact = statuses.filter((status) => status === wanted);
  // COPYING is both a name and a word. A script that asks for it by name gets the state of that name.
  return exact.length > 0 ? exact : statuses.filter((status) => words[status] === wanted);
}

/** Returns the tone in which a file is shown, in addition to its word. */
export function stateTone({
  status,
  hold,
  recoveredBy,
  readback,
}: Pick<FileJson, 'status' | 'hold' | 'recoveredBy' | 'readback'>): Tone | null {
  if (hold === 'needs_you') return 'bad';
  switch (status) {
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      return 'busy';
    case 'COMPLETED':
      return readback === 'direct' ? 'good' : 'warn';
    case 'COMPLETED_DELETE_FAILED':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
    case 'READY':
      return 'warn';
    case 'FAILED':
      return recoveredBy === null ? 'bad' : 'warn';
    case 'REMOVED':
      return 'dim';
    case 'DISCOVERED':
    case 'GROWING':
    case 'IN_QUEUE':
      return null;
    default:
      return unreachable(status);
  }
}
