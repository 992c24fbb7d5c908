import { NotRunning } from '@sluice/control';
import { type StatusOptions, showStatus } from './commands/ask/show-status.ts';
import { explain } from './explain-error.ts';
import { flush } from './output.ts';

/**
 * Runs `sluice status`, which scripts and panels call every few seconds. In the executable it is a separate part that contains
 * only the code to query a running agent.
 * @param words of the command line, after `status`
 * @returns the exit code; null: the whole program is needed
 */
export async function runStatus(words: readonly string[]): Promise<number | null> {
  const options = plainOptions(words);
  if (options === null) return null;
  try {
    return await showStatus(options);
  } catch (error) {
    return error instanceof NotRunning ? null : explain(error);
  } finally {
    flush();
  }
}

const flags: ReadonlyMap<string, keyof StatusOptions> = new Map([
  ['--json', 'json'],
  ['--check', 'check'],
  ['--metrics', 'metrics'],
]);
const named: ReadonlyMap<string, keyof StatusOptions> = new Map([
  ['--state', 'state'],
  ['--config', 'config'],
  ['-c', 'config'],
]);

/** Returns the options if they are written in the usual way. Null: they are not, contain a mistake, or ask for help. */
export function plainOptions(words: readonly string[]): StatusOptions | null {
  const options: Partial<Record<keyof StatusOptions, string | boolean>> = {};
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', value] = words.slice(at, at + 2);
    const flag = flags.get(word);
    const name = named.get(word);
    if (flag !== undefined) options[flag] = true;
    else if (name !== undefined && value !== undefined && !value.startsWith('-')) {
      options[name] = value;
      at += 1;
    } else return null;
  }
  return options as StatusOptions;
}
