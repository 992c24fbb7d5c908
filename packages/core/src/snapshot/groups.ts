import { unreachable } from '../model/assert.ts';
import type { Status } from '../model/file.ts';

/**
 * The group in which a file is counted, in totals, tabs, routes and sentences. Every file is in exactly one.
 * `recording`: the file is still being written at its source, whether or not a growing copy follows it yet.
 */
export type Group = 'needs_you' | 'recording' | 'copying' | 'waiting' | 'ended';

/**
 * Returns the group of a file.
 *
 * @param isWritten whether a READY file is still being written. It stays READY, and is not followed, while the destination is
 *   offline or the route is held
 */
export function groupOf(status: Status, needsYou: boolean, isWritten = false): Group {
  if (needsYou) return 'needs_you';
  return status === 'READY' && isWritten ? 'recording' : usualGroup(status);
}

function usualGroup(status: Status): Exclude<Group, 'needs_you'> {
  switch (status) {
    case 'GROWING':
    case 'GROWING_COPY':
      return 'recording';
    case 'COPYING':
    case 'VERIFYING':
      return 'copying';
    case 'DISCOVERED':
    case 'READY':
    case 'IN_QUEUE':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return 'waiting';
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
    case 'FAILED':
    case 'REMOVED':
      return 'ended';
    default:
      return unreachable(status);
  }
}

/** Files that need a person. `stuck` is how many of them are GROWING and never come to rest; the others are READY. */
export interface Needing {
  readonly needsYou: number;
  readonly stuck: number;
  /** READY files that are still being written and do not need a person. */
  readonly written?: number;
  /** The source path of one file that needs a person, as an example. */
  readonly example?: string | null;
}

/** Numbers of live files by group. */
export interface GroupCounts {
  readonly needsYou: number;
  readonly recording: number;
  readonly copying: number;
  readonly waiting: number;
}

/**
 * Returns the numbers of files by group, from totals instead of from every file. The totals may have been counted at different
 * moments; a difference below 0 becomes 0.
 */
export function countGroups(counts: Readonly<Record<Status, number>>, { needsYou, stuck, written = 0 }: Needing): GroupCounts {
  const sums = { recording: written - stuck, copying: 0, waiting: stuck - needsYou - written, ended: 0 };
  for (const [status, count] of Object.entries(counts) as [Status, number][]) sums[usualGroup(status)] += count;
  const { recording, copying, waiting } = sums;
  return { needsYou, recording: Math.max(0, recording), copying, waiting: Math.max(0, waiting) };
}
