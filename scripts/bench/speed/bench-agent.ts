import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlClient, connectControl, NotRunning } from '@sluice/control';
import { option } from '../options.ts';
import { diskBytes, processMs, proportionalBytes, residentBytes } from '../processor.ts';
import { programs } from '../program.ts';

/** The folders of one round. `--folder=PATH` names the disk to measure. */
export interface SpeedFolders {
  readonly root: string;
  readonly source: string;
  readonly destination: string;
  readonly stateDir: string;
  /** A configuration instead of one route from the source to the destination. */
  readonly config?: string;
  /** Removes the large files now, and everything else when the benchmark ends. */
  remove(): void;
}

/** Creates the folders of one round. @param base the folder that they are created in */
export function makeSpeedFolders(base = option('folder') ?? tmpdir()): SpeedFolders {
  const root = mkdtempSync(join(base, 'sluice-speed-'));
  const folders = { source: join(root, 'source'), destination: join(root, 'destination'), stateDir: join(root, 'state') };
  for (const folder of [folders.source, folders.destination]) mkdirSync(folder);
  return { root, ...folders, remove: () => removeSoon(root) };
}

const largeBytes = 1_000_000;
const toRemove = new Set<string>();

/**
 * For five minutes after a removal, ext4 does not use the number of the removed file again, and the next `create` has to search: after
 * tens of thousands of removals each takes three times as long. So only large files, which are few, are removed at once.
 */
function removeSoon(root: string): void {
  if (toRemove.size === 0) process.once('exit', () => toRemove.forEach((path) => rmSync(path, { recursive: true, force: true })));
  toRemove.add(root);
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && statSync(path).size >= largeBytes) rmSync(path);
  }
}

/** What all processes of an agent have used. */
export interface Usage {
  /** Processor time, in milliseconds. */
  readonly processorMs: number;
  readonly residentBytes: number;
  /** Pages that several of them share are counted once. */
  readonly sharedOnceBytes: number;
  /** Read from disks, without what the page cache had. */
  readonly diskBytes: number;
}

/** An agent with its children, measured from outside. */
export class BenchAgent {
  readonly #child: ChildProcess;
  readonly #stateDir: string;
  /** By process id: the last known usage of processes that have ended. */
  readonly #used = new Map<number, number>();
  readonly #read = new Map<number, number>();
  #resident = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  /** @param more options of `run` */
  constructor({ source, destination, stateDir, config }: Omit<SpeedFolders, 'root' | 'remove'>, more: readonly string[]) {
    const [command, ...first] = programs()[0]?.command ?? [];
    if (command === undefined) throw new Error('there is no program to measure');
    const routes = config === undefined ? ['--from', source, '--to', destination, '--space-keep-free', '1MB'] : ['--config', config];
    const args = ['run', ...routes, '--state', stateDir, ...more];
    this.#stateDir = stateDir;
    this.#child = spawn(command, [...first, ...args], { stdio: 'ignore' });
    this.#timer = setInterval(() => this.#look(), 100);
  }

  /** Waits for the end of the agent. @throws if it ends with an exit code other than 0 */
  async ended(): Promise<void> {
    const [code] = (await once(this.#child, 'exit')) as [number | null];
    this.#stopLooking();
    if (code !== 0) throw new Error(`the agent ended with ${code}`);
  }

  async client(): Promise<ControlClient> {
    const end = performance.now() + 60_000;
    while (this.#child.exitCode === null && performance.now() < end) {
      try {
        return await connectControl({ stateDir: this.#stateDir, deadlineMs: 30_000 });
      } catch (error) {
        if (!(error instanceof NotRunning)) throw error;
      }
      await sleep(20);
    }
    throw new Error('the agent does not answer');
  }

  usage(): Usage {
    this.#look();
    return {
      processorMs: sumOf(this.#used),
      residentBytes: this.#resident,
      sharedOnceBytes: this.#sharedOnce(),
      diskBytes: sumOf(this.#read),
    };
  }

  #sharedOnce(): number {
    const { pid } = this.#child;
    return pid === undefined ? Number.NaN : [pid, ...childrenOf(pid)].reduce((sum, each) => sum + proportionalBytes(each), 0);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
    this.#stopLooking();
  }

  #stopLooking(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null) return;
    this.#resident = 0;
    for (const each of [pid, ...childrenOf(pid)]) {
      try {
        this.#used.set(each, processMs(each));
        this.#read.set(each, diskBytes(each));
        this.#resident += residentBytes(each);
      } catch {
        // The process has just ended.
      }
    }
  }
}

function sumOf(byProcess: ReadonlyMap<number, number>): number {
  return [...byProcess.values()].reduce((sum, each) => sum + each, 0);
}

/** How often a condition is looked at. `status` takes an agent 2 ms. */
const lookEveryMs = 20;

/** A route as `status` shows it. */
export type Route = Awaited<ReturnType<typeof statusOf>>['routes'][number];

async function statusOf(client: ControlClient) {
  return await client.request('status', {});
}

/** Waits for a condition of the only route. @returns when it became true, in monotonic milliseconds @throws after five minutes */
export async function untilRoute(client: ControlClient, what: string, isSo: (route: Route) => boolean): Promise<number> {
  const end = performance.now() + 300_000;
  for (;;) {
    const [route] = (await statusOf(client)).routes;
    if (route !== undefined && isSo(route)) return performance.now();
    if (performance.now() > end) throw new Error(`${what}: not within five minutes`);
    await sleep(lookEveryMs);
  }
}

function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((task) => {
    try {
      return readFileSync(join(tasks, task, 'children'), 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number);
    } catch {
      return [];
    }
  });
}
