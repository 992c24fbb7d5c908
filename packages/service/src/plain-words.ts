import { CommandError, exitCode } from '@sluice/words';
import type { ServiceSettings } from './service.ts';

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
