import process from 'node:process';
import type { Look } from '../picture/picture.ts';
import type { Terminal } from '../terminal.ts';
import { openTerminal } from './open-terminal.ts';
import { openWriter } from './output/writer.ts';

/** Takes over the terminal that this process was started on: standard input and output have to be one. */
export function openSystemTerminal(look: Look): Terminal {
  const { stdin: input, stdout: output, env } = process;
  return openTerminal({ input, output, write: openWriter(output), process, env, look });
}
