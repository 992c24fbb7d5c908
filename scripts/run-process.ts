import { spawn } from 'node:child_process';
import { env } from 'node:process';
import { endWithThisProcess, killGroup } from './processes.ts';

/** How a program ended, with its output. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly output: string;
  readonly isLate: boolean;
}

const maxOutput = 4_000_000;

/** Runs a program to its end, or to its time limit. Everything that it started ends with it. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeoutMs: number; readonly env?: Readonly<Record<string, string>> },
): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...env, FORCE_COLOR: '0', NO_COLOR: '1', TURBO_TELEMETRY_DISABLED: '1', ...options.env },
    });
    endWithThisProcess(child);
    let output = '';
    let isLate = false;
    const keep = (text: string): void => {
      output = (output + text).slice(-maxOutput);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, options.timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: null, output: `${command} cannot be run: ${error.message}`, isLate });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output, isLate });
    });
  });
}
