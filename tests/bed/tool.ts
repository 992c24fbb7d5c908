import { spawn } from 'node:child_process';

/**
 * Runs a program of the system to its end.
 * @throws Error with its output if it fails
 */
export async function run(command: string, args: readonly string[]): Promise<void> {
  await output(command, args);
}

/** Runs it the same way. @returns its standard output */
export async function output(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [written, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`);
  return written;
}
