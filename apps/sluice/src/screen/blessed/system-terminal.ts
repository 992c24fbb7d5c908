import process from 'node:process';
import type { Terminal } from '../terminal.ts';
import type { Look } from '../views/picture.ts';
import { openTerminal } from './open-terminal.ts';
import { openWriter } from './writer.ts';

/** Takes over the terminal that this process was started on: standard input and output have to be one. */
export function openSystemTerminal(look: Look): Terminal {
  const { stdin: input, stdout: output, env } = process;
  return openTerminal({ input, output, write: openWriter(output), process, env, look });
}
