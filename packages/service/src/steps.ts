import { spawnSync } from 'node:child_process';
import { CommandError, exitCode } from '@sluice/words';
import { limits } from './limits.ts';
import type { ServiceStep } from './service.ts';

/** Runs the commands of a service manager one after the other. @throws CommandError with what the first that failed said */
export function runSteps(steps: readonly ServiceStep[]): void {
  for (const step of steps) runStep(step);
}

export function runStep({ argv, what }: ServiceStep): void {
  const [command, ...args] = argv;
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: limits.stepDeadlineMs });
  if (status === 0) return;
  const said = error === undefined ? `${stderr}${stdout}`.trim().replaceAll(/\s*\n\s*/g, '; ') : error.message;
  throw new CommandError(`cannot ${what}: ${argv.join(' ')}: ${said === '' ? `ended with ${status}` : said}`, exitCode.notAsAsked);
}

/** Whether a command ends with 0; what cannot be run does not. */
export function succeeds(step: ServiceStep): boolean {
  return asked(step).isSo;
}

/** As `succeeds`, with what it says on standard output. */
export function asked({ argv: [command, ...args] }: ServiceStep): { readonly isSo: boolean; readonly said: string } {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: limits.stepDeadlineMs,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { isSo: status === 0, said: (stdout ?? '').trim() };
}
