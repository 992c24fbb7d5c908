import process from 'node:process';
import { type Config } from '@sluice/config';
import { NotRunning } from '@sluice/control';
import { installedFor, runSteps, type ServicePlan, succeeds } from '@sluice/service';
import { CommandError, clean, exitCode } from '@sluice/words';
import { print } from '../../output.ts';
import { addConfigOptions, type ConfigOptions, loadWhole } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { addPortableOption, assertNotOnStick } from '../base/stick.ts';
import { startInBackground, waitForAgent } from './in-background.ts';
import { stopAgent } from './stop.ts';

interface RestartOptions extends ConfigOptions {
  readonly drain?: boolean;
}

/** Adds the commands `start` and `restart`. */
export function addStart({ command, does }: Program): void {
  addPortableOption(addConfigOptions(command.command('start')))
    .description('start the agent in the background')
    .option('--moved', 'accept a state folder that was moved here from another machine')
    .action(does(start));
  addPortableOption(addConfigOptions(command.command('restart')))
    .description('stop the agent and start it again')
    .option('--drain', 'finish running copies first')
    .action(does(restart));
}

async function start(options: ConfigOptions): Promise<number> {
  assertNotOnStick(options);
  return await started(await loadWhole(options), 'start');
}

/** The configuration is read before anything ends, so that a mistake in it leaves the agent running. */
async function restart(options: RestartOptions): Promise<number> {
  assertNotOnStick(options);
  const config = await loadWhole(options);
  assertMayStartAgain(config);
  const drain = options.drain === true ? { drain: true } : {};
  try {
    await stopAgent({ state: config.stateDir, isRestart: true, ...drain });
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
  }
  return await started(config, 'restart');
}

/** Not every member of the group that may end a service may also start it. It would stay ended. */
function assertMayStartAgain(config: Config): void {
  const service = installedFor(config);
  if (service?.mayStart === undefined || !succeeds(service.isActive) || succeeds(service.mayStart)) return;
  throw new CommandError(
    'this user may not start the service again, so it was not stopped: restart it as root, with sudo',
    exitCode.notAsAsked,
  );
}

/** Starts `run` with the options of this command, and waits until it answers. */
async function started(config: Config, word: 'start' | 'restart'): Promise<number> {
  const service = installedFor(config);
  if (service !== null) return await startedByService(service, config, word);
  const pid = await startInBackground(config.stateDir, runArguments(process.argv.slice(2), word));
  await print([clean(`the agent is running (pid ${pid}); its log is in ${config.stateDir}`)]);
  return exitCode.done;
}

/** A separate agent next to a service would run as another user, with other rights. */
async function startedByService(service: ServicePlan, config: Config, word: string): Promise<number> {
  runSteps(service.start);
  await waitForAgent(config.stateDir, service);
  await print([clean(`the service ${word === 'restart' ? 'was restarted' : 'is running'}; its log: ${service.seeLog}`)]);
  return exitCode.done;
}

function runArguments(given: readonly string[], word: string): string[] {
  const at = given.indexOf(word);
  return ['run', ...given.filter((arg, index) => index !== at && arg !== '--drain')];
}
