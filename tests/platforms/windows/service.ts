import type { ChildProcess } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran } from '../../package/support.ts';
import type { Wine } from './wine.ts';

/**
 * A Windows machine on which a service will be installed: Sluice where an administrator puts it, one route, and a recorder's
 * folder.
 */
export interface WindowsMachine {
  /** Runs the installed `sluice.exe`. */
  sluice(...args: readonly string[]): Ran;
  /** Runs `sc.exe`, or another program of Windows. */
  windows(program: string, ...args: readonly string[]): Ran;
  /** Ends a process like the Task Manager: with exit code 1. */
  endProcess(pid: number): void;
  /** Returns how many processes run whose command line begins with this path of a program, in Windows' form. */
  running(program: string): number;
  /** Writes the machine's `sluice.toml`, with these lines at its end. */
  configure(more?: string): void;
  /** Paths of this system. */
  readonly programFolder: string;
  readonly source: string;
  readonly destination: string;
  readonly stateDir: string;
  /** Shuts Windows down. */
  leave(): void;
}

const timeoutMs = 60_000;

/**
 * Prepares the machine.
 * @param node of Windows, to end processes: Wine's own `taskkill` ends them with 0, as if they had ended by themselves
 */
export function windowsMachine(wine: Wine, root: string, node: string): WindowsMachine {
  const drive = join(root, 'prefix/drive_c');
  const programFolder = join(drive, 'Program Files/Sluice');
  const common = join(drive, 'ProgramData/Sluice');
  const [source, destination] = ['recorder', 'nas'].map((name) => join(drive, name)) as [string, string];
  for (const folder of [programFolder, common, source, destination]) mkdirSync(folder, { recursive: true });
  linkSync(join(root, 'sluice.exe'), join(programFolder, 'sluice.exe'));
  // Wine ends with its last program that is not a service, and with it a service that is about to start again.
  const awake: ChildProcess = wine.begin(node, ['-e', 'setTimeout(() => {}, 600_000)']);
  return {
    sluice: (...args) => wine.runProgram('C:\\Program Files\\Sluice\\sluice.exe', args, timeoutMs),
    windows: (program, ...args) => wine.runProgram(program, args, timeoutMs),
    endProcess: (pid) => void wine.runProgram(node, ['-e', `process.kill(${pid})`], timeoutMs),
    running: (program) => processesIn(join(root, 'prefix')).filter((line) => line.startsWith(program)).length,
    configure: (more = '') => writeFileSync(join(common, 'sluice.toml'), `${configuration}${more}`),
    programFolder,
    source,
    destination,
    stateDir: join(common, 'state'),
    leave() {
      awake.kill('SIGKILL');
      for (const folder of [programFolder, common, source, destination]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the command lines of the processes in a Windows of Wine, because Wine's `tasklist` does not report them. */
function processesIn(prefix: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const isOfIt = readFileSync(join('/proc', pid, 'environ'), 'utf8')
        .split('\0')
        .includes(`WINEPREFIX=${prefix}`);
      return isOfIt ? readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ') : [];
    } catch {
      return [];
    }
  });
}

const configuration = `[[route]]
name = "ingest"
source = "C:/recorder"
destination = "C:/nas"
stable_after = "200ms"
scan_every = "200ms"
[route.space]
keep_free = "1MB"
`;

/** What the service control manager knows about a service. */
export interface ServiceState {
  /** For example `STOPPED`. Null: there is no such service. */
  readonly state: string | null;
  readonly windowsCode: number;
  readonly ownCode: number;
}

/** Asks the service control manager for the state of the service. */
export function serviceState({ windows }: WindowsMachine): ServiceState {
  const { stdout } = windows('sc.exe', 'query', 'Sluice');
  const numberAt = (key: string): number => Number(new RegExp(`${key}\\s+: (\\d+)`).exec(stdout)?.[1] ?? -1);
  return {
    state: /STATE\s+: \d+\s+(\w+)/.exec(stdout)?.[1] ?? null,
    windowsCode: numberAt('WIN32_EXIT_CODE'),
    ownCode: numberAt('SERVICE_EXIT_CODE'),
  };
}

/** @returns the pid of the agent that answers. Null: none runs, or it was killed while it answered */
export function agentOf({ sluice }: WindowsMachine): number | null {
  const { code, stdout, stderr } = sluice('status', '--json');
  return code === 3 || (stdout === '' && stderr !== '')
    ? null
    : (JSON.parse(stdout) as { readonly agent: { readonly pid: number } }).agent.pid;
}

/** Returns the agent's log. */
export function logOf({ stateDir }: WindowsMachine): string {
  const path = join(stateDir, 'sluice.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
