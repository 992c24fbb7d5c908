import { homedir } from 'node:os';
import process from 'node:process';
import type { Config } from '@sluice/agent';
import { isOfStateFolder } from './file.ts';
import { planOf, serviceKindOf } from './plan.ts';
import type { ServicePlan, ServiceSettings } from './service.ts';

/** What a service is made from that is the same whatever it carries. */
export function placeOfService(scope: ServiceSettings['scope']): Pick<ServiceSettings, 'scope' | 'home' | 'userId'> {
  return { scope, home: homedir(), userId: process.getuid?.() ?? 0 };
}

/** The plan of the service that is installed for a state folder; null: there is none. */
export function installedFor({ stateDir, agent }: Pick<Config, 'stateDir' | 'agent'>): ServicePlan | null {
  const kind = serviceKindOf(process.platform);
  if (kind === null) return null;
  const plans = (['machine', 'user'] as const).map((scope) =>
    planOf({
      ...placeOfService(scope),
      kind,
      program: [process.execPath],
      config: '',
      stateDir,
      user: null,
      group: null,
      stopAfterMs: agent.stopAfterMs,
    }),
  );
  return plans.find(({ file }) => isOfStateFolder(file, stateDir)) ?? null;
}
