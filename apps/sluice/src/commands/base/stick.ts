import { dirname, join } from 'node:path';
import process from 'node:process';
import { type Surroundings } from '@sluice/config';
import { kitAround } from '@sluice/kit';
import { isPacked } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';
import type { Command } from 'commander';

/** Options of every command that is refused on an installation stick unless it is asked for. */
export interface StickOptions {
  readonly portable?: boolean | undefined;
}

export function addPortableOption(command: Command): Command {
  return command.option('--portable', 'run from an installation stick, with sluice.toml and state next to the executable');
}

/**
 * A person who double-clicks the executable on a stick wants to install it, not to copy from there.
 *
 * @throws CommandError where the executable lies in a kit and that is not what was asked for
 */
export function assertNotOnStick(
  { portable }: StickOptions,
  { executableDir, platform }: Pick<Surroundings, 'executableDir' | 'platform'> = here(),
): void {
  const kit = kitAround(executableDir);
  if (kit === null || portable === true) return;
  const installer = join(kit, platform === 'win32' ? 'install.cmd' : 'install.sh');
  const shown = platform === 'win32' ? `"${installer}"` : `sh '${installer.replaceAll("'", String.raw`'\''`)}'`;
  throw new CommandError(
    `this is the installation stick, not an installation: install Sluice with ${shown} (../install.sh), then run sluice; to run it from the stick, give --portable`,
    exitCode.badUsage,
  );
}

function here(): Pick<Surroundings, 'executableDir' | 'platform'> {
  return { executableDir: executableFolder(), platform: process.platform };
}

/** @returns null in a checkout, where there is no executable */
export function executableFolder(): string | null {
  return isPacked() ? dirname(process.execPath) : null;
}
