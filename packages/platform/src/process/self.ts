import { existsSync } from 'node:fs';
import process, { argv, env, execArgv, execPath, versions } from 'node:process';

/** How to start this very program again. */
export interface SelfCommand {
  readonly command: string;
  readonly args: readonly string[];
}

let mainModule: string | null = null;

/** Names the program's entry where it is not the script that was started: in tests. */
export function setMainModule(path: string): void {
  mainModule = path;
}

/** Three forms: packed `[exe]`, Deno with its own permission flags, Node with the entry point. */
export function selfCommand(): SelfCommand {
  if (isPacked()) return { command: execPath, args: [] };
  const entry = mainModule ?? argv[1] ?? '';
  if (isDeno()) return { command: execPath, args: ['run', ...denoFlags(), entry] };
  return { command: execPath, args: [...passedOnFlags(execArgv), entry] };
}

/** The same for a child of this process. `argv0`: what process lists show. */
export interface ChildCommand extends SelfCommand {
  readonly argv0: string;
}

/** The program as it was started, whatever has been put in the place of its file since, or removed from it. See proc_pid_exe(5). */
const ownProgram = '/proc/self/exe';

/** On Linux a packed program starts its children from what it runs itself, not from what its path leads to by now. */
export function childCommand(): ChildCommand {
  const { command, args } = selfCommand();
  const isKept = process.platform === 'linux' && isPacked() && existsSync(ownProgram);
  return { command: isKept ? ownProgram : command, args, argv0: command };
}

export function isDeno(): boolean {
  return 'deno' in versions;
}

/** How messages are written. Every message is plain JSON data, so that both forms have the same content. */
export function channelFormat(): 'json' | 'advanced' {
  return isDeno() ? 'json' : 'advanced';
}

/** What was meant for the parent alone: its debugger's port is taken, and code given as an option is not the program. */
const ownFlags = /^--?(?:inspect|debug|watch|test|eval|print|check|interactive|[epci]$|pe$)/;

/** @returns the flags of Node that a child needs to run the same sources */
export function passedOnFlags(flags: readonly string[]): readonly string[] {
  return flags.filter((flag) => !ownFlags.test(flag));
}

/** A single executable contains its own entry point: made by pkg, or by Node itself. */
export function isPacked(): boolean {
  if ('pkg' in process) return true;
  return !isDeno() && process.getBuiltinModule('node:sea').isSea();
}

/** A program cannot ask Deno which permissions it was given: its task file passes them on. */
function denoFlags(): readonly string[] {
  return (env['SLUICE_DENO_FLAGS'] ?? '-A').split(' ').filter((flag) => flag !== '');
}
