import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Pager {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Environment;
}

/**
 * Returns the pager for long answers: `SLUICE_PAGER`, else `PAGER`, else less. Null: no pager, if the variable is empty or `cat`.
 * Windows has no pager that shows UTF-8, so there a pager is used only if a variable names one.
 */
export function pagerOf(env: Environment, platform: string): Pager | null {
  const asked = env['SLUICE_PAGER'] ?? env['PAGER'] ?? (platform === 'win32' ? '' : 'less');
  const [command, ...args] = asked.split(/\s+/).filter((word) => word !== '');
  if (command === undefined || command === 'cat' || env['TERM'] === 'dumb') return null;
  // F: ends at once if everything fits on the screen. R: shows colours. X: leaves the text on the terminal. LESSSECURE: a person
  // who runs this as another user by sudo gets no shell of that user.
  return { command, args, env: { LESS: 'FRX', ...env, LESSSECURE: '1' } };
}

/** Returns the rows that lines take on a terminal that wraps them. @param widths columns of each line */
export function rowsOf(widths: readonly number[], columns: number): number {
  return widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))), 0);
}

/**
 * Shows lines in a pager until the person closes it.
 *
 * @returns false if the pager could not be started and nothing was shown
 */
export async function showInPager({ command, args, env }: Pager, lines: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'], env: { ...env } });
  // The pager handles Ctrl-C: it ends a search there.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const ended = once(child, 'close');
    ended.catch(ignore);
    // The person may close the pager before it has read everything.
    child.stdin.on('error', ignore);
    await once(child, 'spawn');
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    await ended;
    return true;
  } catch {
    return false;
  } finally {
    process.off('SIGINT', ignore);
  }
}
