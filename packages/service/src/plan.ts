import { launchdPlan } from './launchd.ts';
import type { ServiceKind, ServicePlan, ServiceSettings } from './service.ts';
import { systemdPlan } from './systemd.ts';
import { taskPlan } from './windows/task.ts';
import { windowsPlan } from './windows/windows.ts';

export function planOf(settings: ServiceSettings): ServicePlan {
  switch (settings.kind) {
    case 'systemd':
      return systemdPlan(settings);
    case 'launchd':
      return launchdPlan(settings);
    case 'task':
      return taskPlan(settings);
    case 'windows':
      return windowsPlan(settings);
  }
}

/** What keeps services running on a platform; null where Sluice knows of nothing. */
export function serviceKindOf(platform: NodeJS.Platform, scope: ServiceSettings['scope']): ServiceKind | null {
  if (platform === 'win32') return scope === 'machine' ? 'windows' : 'task';
  const kinds: Partial<Record<NodeJS.Platform, ServiceKind>> = { linux: 'systemd', darwin: 'launchd' };
  return kinds[platform] ?? null;
}
