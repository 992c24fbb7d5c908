import { homedir } from 'node:os';
import process from 'node:process';
import type { Config } from '@sluice/agent';
import { isOfStateFolder, stateFolderIn } from './file.ts';
import { planOf, serviceKindOf } from './plan.ts';
import type { ServicePlan, ServiceSettings } from './service.ts';

/** What a service is made from that is the same whatever it carries. */
export function placeOfService(scope: ServiceSettings['scope']): Pick<ServiceSettings, 'scope' | 'home' | 'userId'> {
  return { scope, home: homedir(), userId: process.getuid?.() ?? 0 };
}

/** The plan of the service that is installed for a state folder; null: there is none. */
export function installedFor({ stateDir }: Pick<Config, 'stateDir'>): ServicePlan | null {
  const plans = (['machine', 'user'] as const).map((scope) => planWithout(scope, stateDir));
  return plans.find((plan) => plan !== null && isOfStateFolder(plan.file, stateDir)) ?? null;
}

/** A service that is installed, by what its own file says. */
export interface Installed {
  readonly plan: ServicePlan;
  readonly stateDir: string;
}

/**
 * The service that is installed, whatever became of its configuration.
 *
 * @returns null: none is, or it is one that only the state folder leads to (Windows)
 */
export function installedIn(scope: ServiceSettings['scope']): Installed | null {
  const plan = planWithout(scope, '');
  const stateDir = plan === null ? null : stateFolderIn(plan.file);
  const found = stateDir === null ? null : planWithout(scope, stateDir);
  return stateDir === null || found === null ? null : { plan: found, stateDir };
}

/** All that does not depend on the configuration: where its file is, and what it is ended with. */
function planWithout(scope: ServiceSettings['scope'], stateDir: string): ServicePlan | null {
  const kind = serviceKindOf(process.platform);
  if (kind === null) return null;
  const unknown = { config: '', user: null, group: null, joins: null, stopAfterMs: 0 } as const;
  return planOf({ ...placeOfService(scope), kind, program: [process.execPath], stateDir, ...unknown });
}
