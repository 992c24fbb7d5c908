import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlClient, connectControl, NotRunning } from '@sluice/control';
import type { Pair } from './executable-size.ts';
import type { Figure } from './figure.ts';
import { processMs } from './processor.ts';
import { measureStart } from './screen-process.ts';

/** Other processes are measured by /proc. */
const isLinux = platform === 'linux';
const starts = 25;
const runs = 11;
/** The files of one day in a small installation. */
const files = 300;
const pollEveryMs = 2;
const upWithinMs = 20_000;
const copiedWithinMs = 60_000;
const deadlineMs = 2_000;

/** Measures every start that a person waits for, next to bare Node. The two alternate. */
export async function* measureStarts(pair: Pair): AsyncGenerator<readonly Figure[]> {
  yield measureVersion(pair);
  yield await measureRun(pair);
  if (isLinux) yield await measureScreen(pair);
}

function measureVersion({ program, base }: Pair): Figure[] {
  const bare: number[] = [];
  const version: number[] = [];
  for (let turn = 0; turn < starts; turn += 1) {
    bare.push(wholeRun(base, ['-e', '0']));
    version.push(wholeRun(program, ['--version']));
  }
  const ratios = version.map((ms, turn) => ms / (bare[turn] ?? Number.NaN));
  return [
    { what: 'start: the bare Node, -e 0', unit: 'ms', goal: null, readings: bare, judged: 'median' },
    { what: 'start: --version', unit: 'ms', goal: null, readings: version, judged: 'median' },
    { what: 'start: --version, times the bare Node', unit: 'x', goal: 1.5, readings: ratios, judged: 'median' },
  ];
}

function wholeRun(command: string, args: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  return ms;
}

/** The first start on a state folder creates the journal and unpacks the native part of SQLite. Later ones find them. */
async function measureRun({ program, base }: Pair): Promise<Figure[]> {
  const measured = { bare: [] as number[], first: [] as number[], next: [] as number[], processor: [] as number[] };
  for (let turn = 0; turn < runs; turn += 1) {
    const folders = makeBenchFolders();
    try {
      measured.bare.push(wholeRun(base, ['-e', '0']));
      for (const which of ['first', 'next'] as const) {
        const agent = await startAgent(program, folders);
        measured[which].push(agent.upAfterMs);
        if (which === 'next' && isLinux) measured.processor.push(processMs(agent.pid));
        await agent.end();
      }
    } finally {
      folders.remove();
    }
  }
  return [
    { what: 'run, until the agent answers', unit: 'ms', goal: 400, readings: measured.next, judged: 'median' },
    { what: 'run, the first on a state folder', unit: 'ms', goal: 400, readings: measured.first, judged: 'median' },
    { what: 'run: time of the processor until then', unit: 'ms', goal: null, readings: measured.processor, judged: 'median' },
    { what: 'run: the bare Node next to it', unit: 'ms', goal: null, readings: measured.bare, judged: 'median' },
  ];
}

async function measureScreen({ program }: Pair): Promise<readonly Figure[]> {
  const folders = makeBenchFolders();
  for (let file = 0; file < files; file += 1) writeFileSync(join(folders.source, `clip${file}.mxf`), `${file}`);
  const agent = await startAgent(program, folders);
  try {
    await allCopied(agent.client);
    return await measureStart(folders.stateDir, { what: `next to ${files} files`, command: [program] }, runs);
  } finally {
    await agent.end();
    folders.remove();
  }
}

async function allCopied(client: ControlClient): Promise<void> {
  const end = performance.now() + copiedWithinMs;
  for (;;) {
    const { files: found } = await client.request('files', { all: true, limit: files });
    if (found.filter(({ status }) => status === 'COMPLETED').length === files) return;
    if (performance.now() > end) throw new Error(`${files} files were not carried within ${copiedWithinMs} ms`);
    await sleep(pollEveryMs * 50);
  }
}

interface BenchFolders {
  readonly source: string;
  readonly destination: string;
  readonly stateDir: string;
  remove(): void;
}

function makeBenchFolders(): BenchFolders {
  const root = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const [source, destination] = [join(root, 'source'), join(root, 'destination')];
  for (const folder of [source, destination]) mkdirSync(folder);
  return { source, destination, stateDir: join(root, 'state'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

interface Started {
  readonly pid: number;
  readonly client: ControlClient;
  /** Since the start of its process. */
  readonly upAfterMs: number;
  end(): Promise<void>;
}

async function startAgent(program: string, { source, destination, stateDir }: BenchFolders): Promise<Started> {
  const began = performance.now();
  const args = ['run', '--from', source, '--to', destination, '--state', stateDir, '--stable-after', '200ms', '--space-keep-free', '1MB'];
  const child = spawn(program, args, { stdio: 'ignore' });
  const client = await answering(child, stateDir);
  const upAfterMs = performance.now() - began;
  return {
    pid: child.pid ?? 0,
    client,
    upAfterMs,
    end: async () => {
      client.close();
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function answering(child: ChildProcess, stateDir: string): Promise<ControlClient> {
  const end = performance.now() + upWithinMs;
  while (child.exitCode === null && performance.now() < end) {
    try {
      return await connectControl({ stateDir, deadlineMs });
    } catch (error) {
      if (!(error instanceof NotRunning)) throw error;
    }
    await sleep(pollEveryMs);
  }
  child.kill('SIGKILL');
  throw new Error(`the agent did not answer within ${upWithinMs} ms; exit code ${child.exitCode}`);
}
