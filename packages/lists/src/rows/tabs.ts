import { type Group, groupOf } from '@sluice/core';
import type { Listed } from './listed.ts';

export const screenTabs = ['all', 'active', 'waiting', 'needs_you', 'done'] as const;
export type ScreenTab = (typeof screenTabs)[number];

/** Every file is in one of them beside `all`. */
export function tabHas(tab: ScreenTab, file: Listed): boolean {
  return tab === 'all' || tab === tabOf(groupOf(file.status, file.hold === 'needs_you'));
}

function tabOf(group: Group): ScreenTab {
  switch (group) {
    case 'recording':
    case 'carried':
      return 'active';
    case 'waiting':
    case 'needs_you':
      return group;
    case 'ended':
      return 'done';
  }
}
