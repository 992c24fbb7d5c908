import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import process from 'node:process';
import type { Config } from '@sluice/config';
import { CommandError, exitCode } from '@sluice/words';
import { isOfStateFolder, stateFolderIn } from './file.ts';
import { launchdPlan } from './launchd.ts';
import type { ServiceKind, ServicePlan, ServiceSettings, WindowsFolders } from './service.ts';
import { systemdPlan } from './systemd.ts';
import { taskPlan } from './windows/task.ts';
import { windowsPlan } from './windows/windows.ts';

const planners: Readonly<Record<ServiceKind, (settings: ServiceSettings) => ServicePlan>> = {
  systemd: systemdPlan,
  launchd: launchdPlan,
  task: taskPlan,
  windows: windowsPlan,
};

/** Returns the plan for a service. @throws CommandError if a setting cannot be written into a file of the service manager */
export function planOf(settings: ServiceSettings): ServicePlan {
  assertPlainWords(settings);
  return planners[settings.kind](settings);
}

/** Returns which service manager a platform has, or null if Sluice supports none. */
export function serviceKindOf(platform: NodeJS.Platform, scope: ServiceSettings['scope']): ServiceKind | null {
  if (platform === 'win32') return scope === 'machine' ? 'windows' : 'task';
  const kinds: Partial<Record<NodeJS.Platform, ServiceKind>> = { linux: 'systemd', darwin: 'launchd' };
  return kinds[platform] ?? null;
}

/** Returns the settings of a service that do not depend on its configuration. */
export function machineSettings(
  scope: ServiceSettings['scope'],
): Pick<ServiceSettings, 'scope' | 'home' | 'userId' | 'windows' | 'notifies'> {
  const notifies = notifyPrograms.some((path) => existsSync(path));
  return { scope, home: homedir(), userId: process.getuid?.() ?? 0, windows: windowsFolders(process.env), notifies };
}

const notifyPrograms = ['/usr/bin/systemd-notify', '/bin/systemd-notify'];

/** Returns the folders of Windows. A program of 32 bits sees another folder for programs than one of 64 bits; both are protected. */
export function windowsFolders(env: Readonly<Record<string, string | undefined>>): WindowsFolders {
  const programFiles = ['ProgramW6432', 'ProgramFiles', 'ProgramFiles(x86)'].flatMap((name) => env[name] ?? []);
  return {
    systemRoot: env['SystemRoot'] ?? 'C:\\Windows',
    programFiles: [...new Set(programFiles)],
    programData: env['ProgramData'] ?? 'C:\\ProgramData',
  };
}

/** Returns the plan of the service that is installed for a state folder, or null. */
export function installedFor({ stateDir }: Pick<Config, 'stateDir'>): ServicePlan | null {
  const plans = (['machine', 'user'] as const).map((scope) => planWithout(scope, stateDir));
  return plans.find((plan) => plan !== null && isOfStateFolder(plan.file, stateDir)) ?? null;
}

/** An installed service, by its own file. */
export interface Installed {
  readonly plan: ServicePlan;
  readonly stateDir: string;
}

/**
 * Returns the installed service, whatever has become of its configuration.
 * @returns null if there is none, or if only the state folder leads to it (a task of Windows)
 */
export function installedIn(scope: ServiceSettings['scope']): Installed | null {
  const plan = planWithout(scope, '');
  const stateDir = plan === null ? null : stateFolderIn(plan.file);
  const found = stateDir === null ? null : planWithout(scope, stateDir);
  return stateDir === null || found === null ? null : { plan: found, stateDir };
}

/** Returns the part of a plan that does not depend on the configuration: where its file is, and how it is ended. */
function planWithout(scope: ServiceSettings['scope'], stateDir: string): ServicePlan | null {
  const kind = serviceKindOf(process.platform, scope);
  if (kind === null) return null;
  const unknown = { config: '', user: null, group: null, joins: null, stopAfterMs: 0 } as const;
  return planners[kind]({ ...machineSettings(scope), kind, program: [process.execPath], stateDir, ...unknown });
}

/**
 * Refuses control characters. A file of a service manager has a setting on each line, so a line break in a path would begin
 * another setting. Not every format can represent the other control characters.
 * @throws CommandError that names the text that contains one
 */
export function assertPlainWords(settings: ServiceSettings): void {
  const { program, config, stateDir, user, group, joins, home } = settings;
  const named: readonly (readonly [string, string | null])[] = [
    ...program.map((word) => ['the program', word] as const),
    ['the configuration', config],
    ['the state folder', stateDir],
    ['the user', user],
    ['the group', group],
    ['the group', joins],
    ['the home folder', home],
  ];
  for (const [what, value] of named) {
    const found = /[\p{Cc}\u2028\u2029]/u.exec(value ?? '')?.[0];
    if (found === undefined) continue;
    const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw new CommandError(
      `cannot install a service: ${what} ${JSON.stringify(value)} contains the control character U+${code}, which a service file cannot contain: rename it`,
      exitCode.badUsage,
    );
  }
}
