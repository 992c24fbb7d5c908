import { type Status, statuses } from '../../file.ts';
import type { FileId } from '../../ids.ts';
import { isLost, type Listed } from './listed.ts';

export const screenSorts = ['attention', 'name', 'size', 'state', 'age'] as const;
export type ScreenSort = (typeof screenSorts)[number];

/** Where a file stands in an order: the smaller `major` comes first, then the smaller `minor`, then the smaller id. */
export interface SortKey {
  readonly id: FileId;
  readonly major: number;
  readonly minor: number | string;
}

export function keyOf(sort: ScreenSort, file: Listed): SortKey {
  const { id } = file;
  switch (sort) {
    case 'attention':
      return { id, major: attentionOf(file), minor: -newestAt(file) };
    case 'name':
      return { id, major: 0, minor: file.source.toLowerCase() };
    case 'size':
      return { id, major: -file.sizeBytes, minor: file.source.toLowerCase() };
    case 'state':
      return { id, major: statusIndex[file.status], minor: -newestAt(file) };
    case 'age':
      return { id, major: -file.discoveredAt, minor: file.source.toLowerCase() };
  }
}

export function compareKeys(a: SortKey, b: SortKey): number {
  if (a.major !== b.major) return a.major - b.major;
  if (a.minor !== b.minor) return a.minor < b.minor ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

const statusIndex = Object.fromEntries(statuses.map((status, index) => [status, index])) as Record<Status, number>;

function newestAt(file: Listed): number {
  return file.endedAt ?? file.discoveredAt;
}

/** 0: needs you, 1: failed without recovery, 2 to 4: runs, recordings first, 5: waits, 6: is still being written, 7: done. */
export function attentionOf(file: Listed): number {
  if (file.hold === 'needs_you') return 0;
  switch (file.status) {
    case 'FAILED':
      return isLost(file) ? 1 : 7;
    case 'GROWING_COPY':
      return 2;
    case 'COPYING':
    case 'VERIFYING':
      return 3;
    case 'IN_QUEUE':
      return 4;
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return 5;
    case 'DISCOVERED':
    case 'GROWING':
      return 6;
    default:
      return 7;
  }
}
