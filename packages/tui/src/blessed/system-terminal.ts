import { constants, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { streamWriter, type WriteSome } from '@sluice/platform';
import type { Theme } from '../picture/picture.ts';
import type { Terminal } from '../terminal.ts';
import { openTerminal } from './open-terminal.ts';

/** Takes over the terminal that this process was started on. Standard input and output have to be a terminal. */
export function openSystemTerminal(theme: Theme): Terminal {
  const { stdin: input, stdout: output, env } = process;
  return openTerminal({ input, output, write: openWriter(output), process, env, theme });
}

/**
 * Opens the terminal again, unshared and non-blocking. Node writes to a terminal blocking, and one whose reader has stalled
 * (Ctrl-S, a frozen line) would block the process, its signals included.
 * @param stream standard output, a terminal
 */
function openWriter(stream: NodeJS.WriteStream): WriteSome {
  // On Windows anybody could create these paths.
  if (process.platform === 'win32') return streamWriter(stream);
  // After a change of the user, the terminal may not be opened by its own name.
  for (const path of ['/proc/self/fd/1', '/dev/tty']) {
    try {
      const own = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      return (bytes) => writeSync(own, bytes);
    } catch {
      // This system does not have it, or does not allow to open it.
    }
  }
  return streamWriter(stream);
}
