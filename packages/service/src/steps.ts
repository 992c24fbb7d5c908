import { spawnSync } from 'node:child_process';
import { CommandError, exitCode } from '@sluice/words';
import { limits } from './limits.ts';
import type { ServiceStep } from './service.ts';

/** Runs the commands of a service manager one after the other. @throws CommandError with the output of the first that failed */
export function runSteps(steps: readonly ServiceStep[]): void {
  for (const step of steps) runStep(step);
}

/** Runs one command of a service manager. @throws CommandError with its output if it fails */
export function runStep({ argv, what }: ServiceStep): void {
  const [command, ...args] = argv;
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: limits.stepDeadlineMs });
  if (status === 0) return;
  const said = error === undefined ? `${stderr}${stdout}`.trim().replaceAll(/\s*\n\s*/g, '; ') : error.message;
  throw new CommandError(`cannot ${what}: ${argv.join(' ')}: ${said === '' ? `ended with ${status}` : said}`, exitCode.notAsAsked);
}

/** Returns whether a command ends with 0. False if it cannot be run. */
export function succeeds(step: ServiceStep): boolean {
  return asked(step).isSo;
}

/** Runs a command like `succeeds`, and returns its standard output too. */
export function asked({ argv: [command, ...args] }: ServiceStep): { readonly isSo: boolean; readonly said: string } {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: limits.stepDeadlineMs,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { isSo: status === 0, said: (stdout ?? '').trim() };
}
