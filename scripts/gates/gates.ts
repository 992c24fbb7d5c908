import { join } from 'node:path';
import { execPath } from 'node:process';
import { runProcess } from '../run-process.ts';

/** One check of the whole tree; red is an exit code. */
export interface Gate {
  readonly name: string;
  /** Program and arguments; a program without a slash is one of node_modules/.bin, `node` the pinned one. */
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

export const gates: readonly Gate[] = [
  { name: 'format', command: ['biome', 'check', '--max-diagnostics=20', '.'] },
  { name: 'lint', command: ['oxlint', '--format=unix', '.'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types of core', command: ['tsc', '-p', 'packages/core/tsconfig.json'] },
  { name: 'types in Deno', command: ['node', 'scripts/deno.mjs', 'check', 'apps/sluice/src/main.ts'] },
  { name: 'boundaries', command: ['turbo', 'boundaries', '--no-color'], env: { TURBO_TELEMETRY_DISABLED: '1' } },
  { name: 'imports', command: ['node', 'scripts/gates/imports.ts'] },
  { name: 'unused', command: ['knip', '--no-progress'] },
  { name: 'documents', command: ['node', 'scripts/docs.ts', '--check'] },
  { name: 'workflows', command: ['node', 'scripts/gates/workflows.ts'] },
  { name: 'house style', command: ['node', 'scripts/gates/style.ts'] },
];

const timeoutMs = 180_000;

/** @param root the tree to check */
export async function runGate({ command, env = {} }: Gate, root: string): Promise<{ readonly isGreen: boolean; readonly output: string }> {
  const [program, ...args] = command;
  const path = program === 'node' ? execPath : join(root, 'node_modules', '.bin', program);
  const { code, output } = await runProcess(path, args, { cwd: root, timeoutMs, env });
  return { isGreen: code === 0, output };
}
