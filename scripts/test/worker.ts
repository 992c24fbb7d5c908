import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process, { env, execPath, versions } from 'node:process';
import { endWithThisProcess, killGroup } from '../processes.ts';
import type { FileEnd } from './outcome.ts';
import type { TestFile } from './test-file.ts';
import { endMark } from './worker-protocol.ts';

const main = join(import.meta.dirname, 'worker-main.ts');
const flags = 'deno' in versions ? ['run', '-q', '-A'] : ['--disable-warning=ExperimentalWarning'];
const outputLimit = 4_000_000;
/** How long a process may take to end. A test file that left a timer or a server running must not block the run. */
const endsWithinMs = 2_000;

/** A process that runs test files one after the other. A file that crashes it, or exceeds its limit, costs only that process. */
export class Worker {
  /** Variables of the process, in addition to those of this one. */
  readonly environment: Readonly<Record<string, string>>;
  private child: ChildProcess | null = null;
  private output = '';
  private onText: () => void = () => {};

  constructor(environment: Readonly<Record<string, string>>) {
    this.environment = environment;
  }

  /** Runs one file to its end or to its limit. */
  async run(file: TestFile): Promise<FileEnd> {
    const startedAt = performance.now();
    const child = this.childOrNew();
    this.output = '';
    child.stdin?.write(`${file.path}\n`);
    const { code, isLate } = await this.endOfFile(child, file.timeoutMs);
    const output = this.output.replace(endPattern, '');
    if (isLate) this.kill();
    return { code, output, isLate, seconds: (performance.now() - startedAt) / 1000 };
  }

  /**
   * Lets the process end by itself, so that exit handlers of the files run, and then ends what it started.
   * @returns what went wrong after the last file had ended; null: nothing
   */
  async end(): Promise<string | null> {
    const child = this.child;
    if (child === null) return null;
    this.output = '';
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    const ended = hasEnded ? Promise.resolve(child.exitCode) : new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    let isKilled = false;
    const timer = setTimeout(() => {
      isKilled = true;
      killGroup(child);
    }, endsWithinMs);
    const code = await ended;
    clearTimeout(timer);
    killGroup(child);
    // Programs that a test started may keep the pipes open.
    child.stdout?.destroy();
    child.stderr?.destroy();
    this.child = null;
    return code === 0 || isKilled ? null : `${this.output}\nthe process ended with ${code} after its last test file\n`;
  }

  private kill(): void {
    if (this.child !== null) killGroup(this.child);
    this.child = null;
  }

  private childOrNew(): ChildProcess {
    if (this.child !== null) return this.child;
    const child = spawn(execPath, [...flags, main], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      env: { ...env, FORCE_COLOR: '0', NO_COLOR: '1', TURBO_TELEMETRY_DISABLED: '1', ...this.environment },
    });
    const keep = (text: string): void => {
      if (this.child !== child) return;
      this.output = (this.output + text).slice(-outputLimit);
      this.onText();
    };
    endWithThisProcess(child);
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.stdin.on('error', () => {});
    this.child = child;
    return child;
  }

  private endOfFile(child: ChildProcess, timeoutMs: number): Promise<{ readonly code: number | null; readonly isLate: boolean }> {
    return new Promise((resolve) => {
      const finish = (code: number | null, isLate = false): void => {
        clearTimeout(timer);
        this.onText = () => {};
        child.removeAllListeners('close').removeAllListeners('error');
        resolve({ code, isLate });
      };
      const timer = setTimeout(() => finish(null, true), timeoutMs);
      this.onText = () => {
        const code = endPattern.exec(this.output)?.[1];
        if (code !== undefined) finish(Number(code));
      };
      child.once('error', (error) => {
        this.output += error.message;
        this.child = null;
        finish(null);
      });
      // Without the line of its end the file has failed, whatever the exit code of the process.
      child.once('close', (code) => {
        this.child = null;
        finish(code === 0 ? null : code);
      });
    });
  }
}

const endPattern = new RegExp(`\\n${endMark} (\\d+)\\n`);
