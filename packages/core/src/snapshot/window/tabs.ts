import { isEnded } from '../../file.ts';
import type { Listed } from './listed.ts';

export const screenTabs = ['all', 'active', 'waiting', 'needs_you', 'done'] as const;
export type ScreenTab = (typeof screenTabs)[number];

export function tabHas(tab: ScreenTab, file: Listed): boolean {
  switch (tab) {
    case 'all':
      return true;
    case 'active':
      return isActive(file);
    case 'waiting':
      return !isActive(file) && !isEnded(file.status);
    case 'needs_you':
      return file.hold === 'needs_you';
    case 'done':
      return isEnded(file.status);
  }
}

function isActive({ status }: Listed): boolean {
  return status === 'COPYING' || status === 'GROWING_COPY' || status === 'VERIFYING' || status === 'IN_QUEUE';
}
