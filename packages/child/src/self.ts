import { argv, env, execArgv, execPath } from 'node:process';

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
  return { command: execPath, args: [...execArgv, entry] };
}

/** A single executable made by pkg carries its own entry point. */
function isPacked(): boolean {
  return 'pkg' in process;
}

export function isDeno(): boolean {
  return 'deno' in process.versions;
}

/** Deno does not tell a program which permissions it was given: its task file hands them on. */
function denoFlags(): readonly string[] {
  return (env['SLUICE_DENO_FLAGS'] ?? '-A').split(' ').filter((flag) => flag !== '');
}
