import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectControl, type FileJson, type Note, selfCommand } from '@sluice/agent';

/** The folders of the tour and the agent that works on them, a process of its own like any other. */
export interface Stage {
  readonly source: string;
  readonly destination: string;
  /** Everything the agent told so far. */
  readonly notes: Note[];
  /** Resolves with the agent's exit code. */
  readonly ended: Promise<number>;
  /** All tracked files, as the agent says. */
  files(): Promise<readonly FileJson[]>;
  /** Waits until `isSo`; false where it did not become so in time. */
  until(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean>;
  /** The destination goes away, as a share that is unmounted. */
  breakStorage(): Promise<void>;
  mendStorage(): Promise<void>;
  clearAway(): Promise<void>;
}

/** Settings of the tour: those of a real installation, with shorter waits. */
const settings = [
  ['--stable-after', '1s'],
  ['--scan-every', '1s'],
  ['--max-rate', '30MB'],
  ['--growing-min-size', '2MB'],
  ['--growing-safety-margin', '1MB'],
  ['--growing-poll', '500ms'],
  ['--growing-quiet-for', '2s'],
  ['--probe-open', '500ms'],
  ['--probe-closed', '500ms'],
  ['--space-keep-free', '100MB'],
] as const;

const lookEveryMs = 50;

export async function setStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  const [source, destination, state, away] = ['recorders', 'storage', 'state', 'storage.away'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  await mkdir(source);
  await mkdir(destination);
  const { command, args } = selfCommand();
  const options = ['run', '--from', source, '--to', destination, '--state', state, '--until-idle', '--json', ...settings.flat()];
  const agent = spawn(command, [...args, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const notes: Note[] = [];
  createInterface({ input: agent.stdout }).on('line', (line) => notes.push(JSON.parse(line) as Note));
  const ended = new Promise<number>((resolve) => agent.on('close', (code) => resolve(code ?? 1)));

  return {
    source,
    destination,
    notes,
    ended,
    async files() {
      const client = await connectControl({ stateDir: state, deadlineMs: 2_000 });
      const { files } = await client.request('files', { all: true });
      client.close();
      return files;
    },
    async until(isSo, withinMs) {
      const deadline = performance.now() + withinMs;
      while (performance.now() < deadline) {
        if (await isSo()) return true;
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
      return false;
    },
    breakStorage: () => rename(destination, away),
    mendStorage: () => rename(away, destination),
    async clearAway() {
      agent.kill('SIGTERM');
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
}
