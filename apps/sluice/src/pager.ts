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
 * Returns what shows a long answer page by page: `SLUICE_PAGER`, else `PAGER`, else less; null: nothing, as an empty one or `cat`
 * asks for. Windows has no pager that shows UTF-8, so there one has to be asked for.
 */
export function pagerOf(env: Environment, platform: string): Pager | null {
  const asked = env['SLUICE_PAGER'] ?? env['PAGER'] ?? (platform === 'win32' ? '' : 'less');
  const [command, ...args] = asked.split(/\s+/).filter((word) => word !== '');
  if (command === undefined || command === 'cat' || env['TERM'] === 'dumb') return null;
  // F: ends by itself where all fits, R: shows colours, X: leaves the text on the terminal. A person who reads as another user, by sudo, gets
  // no shell of that user: LESSSECURE.
  return { command, args, env: { LESS: 'FRX', ...env, LESSSECURE: '1' } };
}

/** Rows that lines take on a terminal which wraps them. @param widths columns of each line */
export function rowsOf(widths: readonly number[], columns: number): number {
  return widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))), 0);
}

/**
 * Shows lines in a pager until the person leaves it, however long that takes.
 *
 * @returns false where the pager could not be started: nothing was shown
 */
export async function showInPager({ command, args, env }: Pager, lines: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'], env: { ...env } });
  // Ctrl-C is the pager's: it ends a search there.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const ended = once(child, 'close');
    ended.catch(ignore);
    // The person leaves before everything was read.
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
