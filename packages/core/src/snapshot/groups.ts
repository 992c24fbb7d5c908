import { unreachable } from '../model/assert.ts';
import type { Status } from '../model/file.ts';

/**
 * What a file is counted as, wherever files are counted: in totals, tabs, routes and sentences. Every file is one of these.
 * `recording`: it is still being written at its source, whether it is followed or not yet.
 */
export type Group = 'needs_you' | 'recording' | 'copying' | 'waiting' | 'ended';

/** @param isWritten a READY file that is still being written: in an outage, or while its route is held, it cannot be followed */
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

/** Files that need somebody; `stuck`: those of them that are GROWING and never come to rest. The others are READY. */
export interface Needing {
  readonly needsYou: number;
  readonly stuck: number;
  /** READY files that are still being written, and need nobody. */
  readonly written?: number;
  /** The source path of one of them, so that it can be found. */
  readonly example?: string | null;
}

/** How many live files are what. */
export interface GroupCounts {
  readonly needsYou: number;
  readonly recording: number;
  readonly copying: number;
  readonly waiting: number;
}

/** The same without reading every file. What is counted at different moments may not fit: none is below 0. */
export function countGroups(counts: Readonly<Record<Status, number>>, { needsYou, stuck, written = 0 }: Needing): GroupCounts {
  const sums = { recording: written - stuck, copying: 0, waiting: stuck - needsYou - written, ended: 0 };
  for (const [status, count] of Object.entries(counts) as [Status, number][]) sums[usualGroup(status)] += count;
  const { recording, copying, waiting } = sums;
  return { needsYou, recording: Math.max(0, recording), copying, waiting: Math.max(0, waiting) };
}
