import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import type { Note } from '@sluice/agent';
import type { FileJson, StatusJson } from '@sluice/control';
import { filesOn, statusOn } from './ask.ts';
import { runningAgents } from './own-agents.ts';
import { program } from './program.ts';
import { until } from './wait.ts';

export { program } from './program.ts';

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

const commandDeadlineMs = 60_000;

/** A user other than the one who runs the tests. */
export interface AsUser {
  readonly uid: number;
  readonly gid: number;
  /** A folder that this user may write to. */
  readonly home: string;
}

function start(args: readonly string[], more: Readonly<Record<string, string>> = {}, as?: AsUser): ChildProcess {
  const [command, ...before] = program;
  const user = as === undefined ? {} : { uid: as.uid, gid: as.gid, cwd: as.home };
  const home = as === undefined ? {} : { HOME: as.home, TMPDIR: as.home };
  return spawn(command, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, ...home, ...more }, ...user });
}

/** Runs a command of Sluice to its end. */
export function sluice(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly deadlineMs?: number;
    readonly as?: AsUser | undefined;
    /** Called with all standard output so far, each time that there is more. @returns false to close the pipe */
    readonly onOutput?: (all: string) => boolean | undefined;
  } = {},
): Promise<CommandEnd> {
  const startedAt = performance.now();
  const child = start(args, options.env, options.as);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (options.onOutput?.(stdout) === false) child.stdout?.destroy();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), options.deadlineMs ?? commandDeadlineMs);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, durationMs: performance.now() - startedAt });
    });
  });
}

/** A running agent, with everything that it reported (`run --json`). */
export interface Agent {
  readonly pid: number;
  readonly stateDir: string;
  readonly notes: readonly Note[];
  /** Returns its standard error, which contains only complaints. */
  readonly complaints: () => string;
  /** Resolves with its exit code, or null if a signal ended it. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  status(): Promise<StatusJson>;
  /** Returns all tracked files, ended ones too, newest first. */
  files(): Promise<readonly FileJson[]>;
  /** Sends SIGTERM, and SIGKILL if that does not end it. @returns the exit code */
  stop(): Promise<number | null>;
}

/** Short waits instead of those of a real installation. A setting that is given again overrides these. */
export const shortWaits = [
  ...['--stable-after', '500ms', '--scan-every', '500ms', '--probe-open', '500ms', '--probe-closed', '300ms', '--space-keep-free', '1MB'],
  ...['--growing-min-size', '1MB', '--growing-safety-margin', '256KB', '--growing-poll', '200ms', '--growing-quiet-for', '1500ms'],
] as const;

/** Starts `sluice run --json` on these folders. */
export function startAgent(options: {
  readonly from: string;
  readonly to: string;
  readonly stateDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Agent {
  const { from, to, stateDir, args = [] } = options;
  return follow(start(['run', '--from', from, '--to', to, '--state', stateDir, '--json', ...shortWaits, ...args], options.env), stateDir);
}

/** Starts `sluice run --json` in a separate user namespace, in which a user may watch only this number of folders. */
export function startWatching(watches: number, options: Parameters<typeof startAgent>[0]): Agent {
  const { from, to, stateDir, args = [] } = options;
  const run = [...program, 'run', '--from', from, '--to', to, '--state', stateDir, '--json', ...shortWaits, ...args];
  const child = spawn('unshare', withWatches(watches, run), { stdio: ['ignore', 'pipe', 'pipe'] });
  return follow(child, stateDir);
}

/** Returns the arguments of unshare(1) for a command in a user namespace in which a user may watch only this number of folders. */
export function withWatches(watches: number, command: readonly string[]): string[] {
  return ['-r', 'sh', '-c', `echo ${watches} > /proc/sys/user/max_inotify_watches && exec "$@"`, 'sh', ...command];
}

/** Starts `sluice run --json -c FILE`. */
export function startConfigured(config: string, stateDir: string, args: readonly string[] = [], as?: AsUser): Agent {
  return follow(start(['run', '-c', config, '--state', stateDir, '--json', ...args], {}, as), stateDir);
}

const stopDeadlineMs = 20_000;
/** Ends agents that a failed test left running, which would keep the test file from ending. */
export async function stopAgents(): Promise<void> {
  const running = runningAgents();
  for (const child of running) child.kill('SIGKILL');
  await until(() => running.size === 0, stopDeadlineMs);
}

function follow(child: ChildProcess, stateDir: string): Agent {
  const notes: Note[] = [];
  let complaints = '';
  if (child.stdout === null || child.stderr === null) throw new Error('the agent has no output');
  createInterface({ input: child.stdout }).on('line', (line) => notes.push(JSON.parse(line) as Note));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  // A hanging child of the agent may keep its output open, so the exit of the process itself counts.
  const running = runningAgents();
  running.add(child);
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return {
    pid: child.pid ?? 0,
    stateDir,
    notes,
    complaints: () => complaints,
    ended,
    kill: (signal) => void child.kill(signal),
    async status() {
      const status = await statusOn(stateDir);
      if (status === null) throw new Error(`no agent runs on ${stateDir}\n${complaints}`);
      return status;
    },
    files: () => filesOn(stateDir),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
  };
}

/** Returns the last reported state of every tracked file, oldest first. */
export function reportedFiles(agent: Agent): FileJson[] {
  const latest = new Map<string, FileJson>();
  for (const note of agent.notes) if (note.event === 'transition') latest.set(note.file.id, note.file);
  return [...latest.values()];
}

/** Waits until the agent reports a transition that matches. */
export function reported(agent: Agent, matches: (file: FileJson) => boolean, withinMs = 20_000): Promise<FileJson> {
  return until(
    () => reportedFiles(agent).find(matches),
    withinMs,
    () => describe(agent),
  );
}

/** Returns what every file is doing, for the message of a failed test. */
export function describe(agent: Agent): string {
  const lines = reportedFiles(agent).map(
    (file) => `${file.id.slice(0, 8)} ${file.source} > ${file.destination} ${file.status} ${file.hold ?? ''}`,
  );
  return [...lines, agent.complaints()].join('\n');
}

/** Returns the path of the agent's log. */
export function logOf(agent: Agent): string {
  return join(agent.stateDir, 'sluice.log');
}
