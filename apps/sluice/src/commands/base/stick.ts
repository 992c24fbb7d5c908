import { dirname, join } from 'node:path';
import process from 'node:process';
import { type Surroundings } from '@sluice/config';
import { kitAround } from '@sluice/kit';
import { isPacked } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';
import type { Command } from 'commander';

/** Options of every command that is refused on an installation stick unless it is requested there. */
export interface StickOptions {
  readonly portable?: boolean | undefined;
}

/** Adds the option `--portable`. */
export function addPortableOption(command: Command): Command {
  return command.option('--portable', 'run from an installation stick, with sluice.toml and state next to the executable');
}

/**
 * Refuses to run from a stick: a person who double-clicks the executable there wants to install it, not to copy from it.
 * @throws CommandError if the executable is in a kit, unless `--portable` was given
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

/** Returns the folder of the executable, or null in a checkout. */
export function executableFolder(): string | null {
  return isPacked() ? dirname(process.execPath) : null;
}
