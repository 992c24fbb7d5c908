import { resolve } from 'node:path';
import process from 'node:process';
import { type Config, ConfigError } from '@sluice/config';
import { NotRunning } from '@sluice/control';
import {
  asked,
  fileThere,
  type Installed,
  type InstallOptions,
  installedIn,
  installService,
  lingerAdvice,
  needsPassword,
  planOf,
  removeHost,
  removeServiceFile,
  runSteps,
  serviceSettings,
  succeeds,
  wordsOnWindows,
} from '@sluice/service';
import { CommandError, clean, exitCode } from '@sluice/words';
import type { Command } from 'commander';
import { complain, print } from '../../output.ts';
import { loadWhole } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { assertNotOnStick } from '../base/stick.ts';
import { waitForAgent } from '../life/in-background.ts';
import { stopAgent } from '../life/stop.ts';

interface ServiceOptions {
  readonly config?: string;
  readonly mine?: boolean;
  readonly user?: string;
  readonly group?: string;
  readonly start?: boolean;
  readonly print?: boolean;
}

/** Adds the command `service`. */
export function addService({ command, does }: Program): void {
  const service = command.command('service').description('install the agent as a service: systemd, launchd or Windows');
  addWhich(service.command('install'))
    .description('check the folders with the rights of the service, then install and start it')
    .option(
      '--user <name>',
      'the user that it runs as (default: on Linux sluice, created if needed; on Windows an account for the service alone)',
    )
    .option('--group <name>', 'the group that may watch and steer it (default: the group of that user)')
    .option('--no-start', 'do not start it now; it starts with the machine')
    .option('--print', 'show what would be installed, and change nothing')
    .action(does(install));
  addWhich(service.command('uninstall'))
    .description('stop the service and remove it; the configuration, the journal and the user stay')
    .action(does(uninstall));
  addWhich(service.command('status')).description('show whether it is installed and runs; exit 0 if it runs, else 1').action(does(status));
}

function addWhich(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the configuration file')
    .option('--mine', 'for this user, not for the machine (on Windows: a task)');
}

async function install(options: ServiceOptions): Promise<number> {
  // The stick with the program of the service could be removed at any time.
  assertNotOnStick({});
  const { config, file, how } = await what(options);
  const settings = serviceSettings(config, file, how);
  if (options.print === true) {
    const { file: written, enable, protect, start } = planOf(settings);
    const steps = [...enable, ...protect, ...(how.mayStart ? start : [])].map(({ argv }) => `then: ${argv.join(' ')}`);
    const lines = written.text.replace('\ufeff', '').trimEnd().split(/\r?\n/);
    await print([written.path, '', ...lines, '', ...steps].map(clean));
    return exitCode.done;
  }
  const isPasswordAsked = settings.kind === 'windows' && needsPassword(settings) && !succeeds(planOf(settings).isActive);
  const mayStart = how.mayStart && !isPasswordAsked;
  const { plan, runsAsBefore } = await installService(config, settings, { mayStart, warn: complain });
  if (mayStart) await waitForAgent(config.stateDir, plan);
  const account = settings.kind === 'windows' ? wordsOnWindows(settings, isPasswordAsked) : lingerAdvice(settings);
  const group =
    settings.group === null
      ? []
      : [`members of the group ${settings.group} may watch and steer it; add a user with: usermod -aG ${settings.group} NAME`];
  const changed = runsAsBefore
    ? ['the service still runs with the earlier settings: run "sluice restart --drain" to apply the change']
    : [];
  await print([`installed: ${plan.file.path}`, ...changed, ...group, ...account, `its log: ${plan.seeLog}`, 'next: sluice'].map(clean));
  return exitCode.done;
}

async function uninstall(options: ServiceOptions): Promise<number> {
  const { plan, stateDir } = await planned(options);
  if (fileThere(plan.file) !== 'ours')
    throw new CommandError(`no service is installed: ${plan.file.path} does not exist, or Sluice did not write it`, exitCode.notAsAsked);
  // A recording that is being copied needs a person's choice, and launchd and a Windows task would end the agent hard.
  await stopAgent({ state: stateDir }).catch(ignoreNotRunning);
  runSteps(plan.disable);
  removeServiceFile(plan.file);
  if (plan.host !== null) removeHost(plan.host);
  runSteps(plan.afterRemoval);
  await print([`removed: ${plan.file.path}`, `kept: the configuration, and the journal in ${stateDir}`].map(clean));
  return exitCode.done;
}

function ignoreNotRunning(error: unknown): void {
  if (!(error instanceof NotRunning)) throw error;
}

async function status(options: ServiceOptions): Promise<number> {
  const plan = (await installedOrPlanned(options))?.plan ?? null;
  if (plan === null) {
    await print(['not installed']);
    return exitCode.notAsAsked;
  }
  const isInstalled = fileThere(plan.file) === 'ours';
  const { isSo: isActive, said } = isInstalled ? asked(plan.isActive) : { isSo: false, said: '' };
  const ended = endedWith[said] === undefined ? '' : ` (it ended with ${said}: ${endedWith[said]})`;
  const text = isInstalled
    ? `installed (${plan.file.path}), ${isActive ? 'it is running' : `it is not running${ended}`}; its log: ${plan.seeLog}`
    : 'not installed';
  await print([clean(text)]);
  return isActive ? exitCode.done : exitCode.notAsAsked;
}

/** The exit codes after which a service manager does not start the agent again. */
const endedWith: Readonly<Record<string, string>> = {
  [exitCode.badUsage]: 'its configuration has a mistake; "sluice check" names it',
  [exitCode.journalUnusable]: 'its journal cannot be used; "sluice history" says why',
  [exitCode.alreadyRuns]: 'another agent runs on its state folder or on one of its routes',
};

/** The file of the installed service is read first, because its configuration may be missing or wrong. */
async function planned(options: ServiceOptions): Promise<Installed> {
  const installed = installedIn(options.mine === true ? 'user' : 'machine');
  if (installed !== null) return installed;
  const { config, file, how } = await what(options);
  return { plan: planOf(serviceSettings(config, file, how)), stateDir: config.stateDir };
}

/**
 * Returns the service. Null: none is installed, and no configuration describes one. @throws ConfigError if the named file is
 * wrong
 */
async function installedOrPlanned(options: ServiceOptions): Promise<Installed | null> {
  try {
    return await planned(options);
  } catch (error) {
    if (options.config === undefined && error instanceof ConfigError) return null;
    throw error;
  }
}

async function what(options: ServiceOptions): Promise<{ readonly config: Config; readonly file: string; readonly how: InstallOptions }> {
  const config = await loadWhole(options.config === undefined ? {} : { config: options.config });
  const { file } = config.origin;
  if (file === null) throw new ConfigError([]);
  const isMine = options.mine === true;
  const how: InstallOptions = {
    scope: isMine ? 'user' : 'machine',
    user: options.user ?? null,
    group: options.group ?? null,
    mayStart: options.start !== false,
  };
  return { config, file: resolve(process.cwd(), file), how };
}
