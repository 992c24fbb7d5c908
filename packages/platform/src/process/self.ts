import { existsSync } from 'node:fs';
import process, { argv, env, execArgv, execPath, versions } from 'node:process';

/** How to start this program again. */
export interface SelfCommand {
  readonly command: string;
  readonly args: readonly string[];
}

let mainModule: string | null = null;

/** Names the program's entry if it is not the script that was started, as in tests. */
export function setMainModule(path: string): void {
  mainModule = path;
}

/** Returns how to start this program: `[exe]` for an executable, Deno with its own permission flags, or Node with the entry point. */
export function selfCommand(): SelfCommand {
  if (isPacked()) return { command: execPath, args: [] };
  const entry = mainModule ?? argv[1] ?? '';
  if (isDeno()) return { command: execPath, args: ['run', ...denoFlags(), entry] };
  return { command: execPath, args: [...passedOnFlags(execArgv), entry] };
}

/** How to start a child of this process. `argv0`: the name in process lists. */
export interface ChildCommand extends SelfCommand {
  readonly argv0: string;
}

/** The program as it was started, even if its file has been replaced or removed since. See proc_pid_exe(5). */
const ownProgram = '/proc/self/exe';

/**
 * Returns how to start a child. On Linux an executable starts its children from the open file that it runs from, not from what its
 * path leads to now.
 */
export function childCommand(): ChildCommand {
  const { command, args } = selfCommand();
  const isKept = process.platform === 'linux' && isPacked() && existsSync(ownProgram);
  return { command: isKept ? ownProgram : command, args, argv0: command };
}

/** Returns whether Deno runs this program. */
export function isDeno(): boolean {
  return 'deno' in versions;
}

/**
 * Flags that are meant for the parent alone: a child cannot use its debugger's port, and code given as an option is not the
 * program.
 */
const ownFlags = /^--?(?:inspect|debug|watch|test|eval|print|check|interactive|[epci]$|pe$)/;

/** Returns the flags of Node that a child needs to run the same sources. */
export function passedOnFlags(flags: readonly string[]): readonly string[] {
  return flags.filter((flag) => !ownFlags.test(flag));
}

/** Returns whether this is a single executable that contains its entry point, made by pkg or by Node itself. */
export function isPacked(): boolean {
  if ('pkg' in process) return true;
  return !isDeno() && process.getBuiltinModule('node:sea').isSea();
}

/** A program cannot ask Deno which permissions it has, so its task file passes them on. */
function denoFlags(): readonly string[] {
  return (env['SLUICE_DENO_FLAGS'] ?? '-A').split(' ').filter((flag) => flag !== '');
}
