import { type ChildProcess, spawn } from 'node:child_process';
import { execPath } from 'node:process';

/** The id of a local user without rights. */
export const attackerId = 61_234;

/** A program that runs as a user without rights until it is stopped. */
export interface Attacker {
  /** Returns what it has printed so far. */
  readonly output: () => string;
  /** Stops it. Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Runs JavaScript as the attacker, with `fs` and `path` in scope.
 * @param values variables of the script, by name
 * @param gid the group of the attacker
 */
export function attack(script: string, values: Readonly<Record<string, string>>, gid = attackerId): Attacker {
  const names = Object.entries(values).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  const whole = `const fs = require('node:fs'); const path = require('node:path'); ${names.join(' ')} ${script}`;
  const child: ChildProcess = spawn(execPath, ['-e', whole], { uid: attackerId, gid, stdio: ['ignore', 'pipe', 'pipe'] });
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

/** A script that replaces a folder by a link and back as fast as it can, and waits a moment in each state. */
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

/**
 * A script that keeps 40 connections to a control socket, sends expensive requests on each as fast as it can, and connects again
 * when it is refused. It prints how many requests were answered.
 */
export const flooding = `
  const net = require('node:net');
  const who = { user: 'member', origin: null, reason: null };
  const names = (count, length) => Array.from({ length: count }, (_, index) => String(index).padStart(length, 'x'));
  const requests = [
    ['files', { all: true, limit: 5000 }], ['history', { limit: 5000 }], ['log', { limit: 200 }], ['status', {}],
    ['show', { file: '*' }], ['act', { do: 'first', files: names(1000, 8), who }], ['act', { do: 'retry', files: names(240, 4000), who }],
    ['steer', { do: 'rescan', who }], ['history', { outages: true }],
  ].map(([method, params]) => JSON.stringify({ jsonrpc: '2.0', id: '#', method, params }));
  let sent = 0, answered = 0;
  const request = () => {
    const body = requests[(sent += 1) % requests.length].replace('"#"', String(sent));
    return 'Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body;
  };
  const connect = () => {
    const socket = net.connect(address);
    let open = 0;
    const send = () => { while (open < 60 && socket.writableLength < 4e6) { open += 1; socket.write(request()); } };
    socket.on('connect', send).on('drain', send).on('error', () => undefined).on('close', () => setTimeout(connect, 5));
    socket.setEncoding('latin1').on('data', (text) => {
      const answers = text.split('Content-Length: ').length - 1;
      open -= answers; answered += answers; send();
    });
  };
  for (let index = 0; index < 40; index += 1) connect();
  setInterval(() => console.log(answered), 200);
`;
