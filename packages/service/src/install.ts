import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import process from 'node:process';
import { type Config } from '@sluice/config';
import { connectControl, NotRunning } from '@sluice/control';
import { groupIdOf, selfCommand } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';
import { accountOf, giveStateFolder, groupsOf, makeAccount, ownGroupOf } from './account.ts';
import { fileThere, isOfStateFolder, removeServiceFile, writeServiceFile } from './file.ts';
import { installedFor, machineSettings, planOf, serviceKindOf } from './plan.ts';
import { type ServiceKind, type ServicePlan, type ServiceSettings, serviceName } from './service.ts';
import { runSteps, succeeds } from './steps.ts';
import { tryAs, type Warn } from './try-account.ts';
import { makeStateFolder, prepareWindows, putHost, removeHost } from './windows/install.ts';

/** The options of `service install`. */
export interface InstallOptions {
  readonly scope: ServiceSettings['scope'];
  /** `--user`, `--group`. Null: not given. */
  readonly user: string | null;
  readonly group: string | null;
  readonly mayStart: boolean;
}

/**
 * Returns the settings of the service that would be installed.
 * @param file absolute path of the configuration
 * @throws CommandError if Sluice supports no service manager of this platform
 */
export function serviceSettings(config: Config, file: string, { scope, user, group }: InstallOptions): ServiceSettings {
  const kind = serviceKindOf(process.platform, scope);
  if (kind === null)
    throw new CommandError(
      `Sluice cannot install a service on ${process.platform}: let another service manager run "sluice run"`,
      exitCode.notAsAsked,
    );
  const { command, args } = selfCommand();
  const mayWatch = groupName(config, kind, scope, user, group);
  return {
    ...machineSettings(scope),
    kind,
    program: [command, ...args],
    config: file,
    stateDir: config.stateDir,
    user: scope === 'machine' ? accountName(kind, user) : null,
    group: mayWatch,
    joins: kind === 'systemd' && scope === 'machine' ? foreignGroup(user ?? serviceName, mayWatch ?? config.agent.socketGroup) : null,
    stopAfterMs: config.agent.stopAfterMs,
  };
}

/** Accounts are not created on macOS: the user has to exist. Windows creates a separate account with the service. */
function accountName(kind: ServiceKind, user: string | null): string | null {
  return user ?? (kind === 'systemd' ? serviceName : null);
}

/** Members of the service's own group may watch and steer, unless the configuration names another group. */
function groupName(
  config: Config,
  kind: ServiceKind,
  scope: ServiceSettings['scope'],
  user: string | null,
  group: string | null,
): string | null {
  if (group !== null) return group;
  if (config.agent.socketGroup !== null || kind !== 'systemd' || scope === 'user') return null;
  return ownGroupOf(user ?? serviceName) ?? user ?? serviceName;
}

/** @returns the group if the user has to join it; null: the user is in it. A user that is created has a group of the same name */
function foreignGroup(user: string, group: string | null): string | null {
  const own = accountOf(user) === null ? [user] : groupsOf(user);
  return group === null || own.includes(group) ? null : group;
}

/** The result of an installation. */
export interface InstalledNow {
  readonly plan: ServicePlan;
  /** The service ran before, and the changes are not in force yet. */
  readonly runsAsBefore: boolean;
}

/** Installs the service. @throws CommandError that says why it cannot work; then nothing is installed */
export async function installService(
  config: Config,
  settings: ServiceSettings,
  { mayStart, warn }: { readonly mayStart: boolean; readonly warn: Warn },
): Promise<InstalledNow> {
  const plan = planOf(settings);
  const ranBefore = await assertNothingElseRuns(config, plan);
  if (settings.kind === 'systemd') prepareLinux(config, settings, warn);
  if (settings.kind === 'windows') prepareWindows(config, settings, warn);
  const isChanged = enable(plan, settings);
  if (mayStart) runSteps(plan.start);
  return { plan, runsAsBefore: ranBefore && isChanged };
}

/**
 * If the manager refuses the service, everything is removed again that did not exist before.
 * @returns whether the service changed
 */
function enable(plan: ServicePlan, { stateDir }: ServiceSettings): boolean {
  const wasThere = fileThere(plan.file) === 'ours';
  const isOfIt = isOfStateFolder(plan.file, stateDir);
  try {
    if (plan.host !== null) {
      putHost(plan.host);
      makeStateFolder(stateDir);
    }
    const isChanged = writeServiceFile(plan.file);
    runSteps(plan.enable);
    // An agent that already works there would be locked out for a moment.
    if (!isOfIt) runSteps(plan.protect);
    return isChanged;
  } catch (error) {
    if (!wasThere && plan.host !== null) {
      for (const step of plan.disable) succeeds(step);
      if (fileThere(plan.file) === 'ours') removeServiceFile(plan.file);
      removeHost(plan.host);
    }
    throw error;
  }
}

/** See sd_booted(3). */
const bootedBySystemd = '/run/systemd/system';

function prepareLinux(config: Config, settings: ServiceSettings, warn: Warn): void {
  if (!existsSync(bootedBySystemd))
    throw new CommandError(
      'cannot install a service: systemd does not run here; let the service manager of this machine run "sluice run"',
      exitCode.notAsAsked,
    );
  if (settings.user === null) return assertUserManager();
  if (process.getuid?.() !== 0)
    throw new CommandError(
      'cannot install a service for the machine: only root can; run it with sudo, or install one for yourself with --mine',
      exitCode.badUsage,
    );
  if (settings.joins !== null && groupIdOf(settings.joins) === null)
    throw new CommandError(
      `there is no group ${settings.joins}: create it (groupadd ${settings.joins}), or choose another with --group`,
      exitCode.badUsage,
    );
  const account = makeAccount(settings.user);
  tryAs(settings.user, settings.program, config, settings.config, warn);
  giveStateFolder(config.stateDir, account);
}

/** Without a login session (su, some remote shells) the user's systemd cannot be reached. */
function assertUserManager(): void {
  if (succeeds({ argv: ['systemctl', '--user', 'show-environment'], what: 'query systemd' })) return;
  throw new CommandError(
    `cannot install a service for yourself: the systemd of ${userInfo().username} cannot be reached from here; log in as that user, or let root run "loginctl enable-linger ${userInfo().username}" and set XDG_RUNTIME_DIR=/run/user/${process.getuid?.()}`,
    exitCode.notAsAsked,
  );
}

/**
 * A second agent on the state folder would not start, and the service would try indefinitely.
 * @returns whether the service itself runs
 */
async function assertNothingElseRuns(config: Config, { isActive }: ServicePlan): Promise<boolean> {
  if (installedFor(config) !== null && succeeds(isActive)) return true;
  try {
    const client = await connectControl({ stateDir: config.stateDir, deadlineMs: 2_000 });
    client.close();
    throw new CommandError(
      `an agent already runs on ${config.stateDir} (pid ${client.hello.pid}): stop it first with "sluice stop"`,
      exitCode.alreadyRuns,
    );
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    return false;
  }
}
