import { type ChildProcess, spawn } from 'node:child_process';
import { execPath } from 'node:process';

/** A local user without rights. */
export const attackerId = 61_234;

/** A program that runs as a user without rights, until it is stopped. */
export interface Attacker {
  /** What it printed so far. */
  readonly output: () => string;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Runs JavaScript as the attacker, with `fs` and `path` at hand.
 *
 * @param values by name, for the script
 */
export function attack(script: string, values: Readonly<Record<string, string>>): Attacker {
  const names = Object.entries(values).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  const whole = `const fs = require('node:fs'); const path = require('node:path'); ${names.join(' ')} ${script}`;
  const child: ChildProcess = spawn(execPath, ['-e', whole], { uid: attackerId, gid: attackerId, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  return {
    output: () => output,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Exchanges a folder for a link and back, as fast as it can; waits a moment in each state. */
export const exchanging = `
  const aside = folder + '.aside', link = folder + '.link';
  fs.symlinkSync(target, link);
  let rounds = 0;
  const wait = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  console.log('begins');
  for (;;) {
    fs.renameSync(folder, aside); fs.renameSync(link, folder); wait(Number(ms));
    fs.renameSync(folder, link); fs.renameSync(aside, folder); wait(Number(ms));
    if ((rounds += 1) % 100 === 0) console.log(rounds);
  }
`;
