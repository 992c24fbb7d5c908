import { type ScreenWindow } from '@sluice/control';
import { screenSorts } from '@sluice/lists';
import { everything } from '@sluice/testkit';
import { fileCount } from './agent-state.ts';

/** The windows of ten watchers that share no order. */
export const tenWindows: readonly ScreenWindow[] = [
  ...screenSorts.map((sort) => ({ ...everything, sort, offset: fileCount / 2 })),
  { ...everything, filter: 'clip9' },
  { ...everything, filter: 'state:ready', sort: 'size' },
  { ...everything, filter: 'hold:network', sort: 'name', isReversed: true },
  { ...everything, tab: 'done', sort: 'age' },
  { ...everything, hideRecovered: true },
];
