import type { ScreenSort, ScreenTab } from '@sluice/core';

/** What a client that wants to see all asks an agent for: the first rows of every file, in the order of a screen that was just begun. */
export const everything: {
  readonly tab: ScreenTab;
  readonly filter: string;
  readonly sort: ScreenSort;
  readonly isReversed: boolean;
  readonly hideRecovered: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly anchor: string | null;
} = { tab: 'all', filter: '', sort: 'attention', isReversed: false, hideRecovered: false, offset: 0, limit: 200, anchor: null };
