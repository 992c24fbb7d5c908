import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { env } from 'node:process';
import { runProcess } from '../run-process.ts';

/** The result of one step of a trial. */
export interface Tried {
  readonly step: string;
  /** What is wrong. Null: nothing. */
  readonly trouble: string | null;
  readonly seconds: number;
}

/** Something that an executable has to be able to do on the machine it is made for. */
interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** @returns what is wrong with its output; null: nothing */
  readonly judge: (output: string) => string | null;
}

const timeoutMs = 180_000;
const content = Buffer.from('what is carried\n'.repeat(4_096));

/**
 * Tries an executable with nothing next to it: in a separate folder, without a home and a PATH. What it creates is removed.
 * @param version the version that it has to report
 * @param onTried called after every step
 * @returns whether every step succeeded
 */
export async function tryExecutable(file: string, version: string, onTried: (tried: Tried) => void, hasDemo = true): Promise<boolean> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-try-'));
  try {
    const program = layOut(root, file);
    let isGood = true;
    for (const step of stepsAt(root, version).filter(({ name }) => hasDemo || name !== 'demo')) {
      const tried = await run(step, program, root);
      onTried(tried);
      isGood &&= tried.trouble === null;
    }
    return isGood;
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function layOut(root: string, file: string): string {
  for (const name of ['bin', 'source', 'destination', 'tmp', 'empty']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'source', 'clip.mov'), content);
  const program = join(root, 'bin', basename(file));
  copyFileSync(file, program);
  // A file that went through an archive of a forge may no longer be executable.
  chmodSync(program, 0o755);
  return program;
}

function stepsAt(root: string, version: string): readonly Step[] {
  const state = ['--state', join(root, 'state')];
  const route = ['--from', join(root, 'source'), '--to', join(root, 'destination'), ...state, '--space-keep-free', '1MB'];
  const fast = ['--stable-after', '200ms', '--scan-every', '200ms'];
  const has = (text: string) => (output: string) => (output.includes(text) ? null : `${JSON.stringify(text)} is not in it`);
  return [
    { name: '--version', args: ['--version'], judge: (output) => (output.trim() === `sluice ${version}` ? null : `not ${version}`) },
    { name: 'check', args: ['check', ...route], judge: has('destination') },
    { name: 'run --until-idle', args: ['run', ...route, ...fast, '--until-idle'], judge: () => arrived(root) },
    { name: 'history', args: ['history', ...state, '--json'], judge: has('"status":"COMPLETED"') },
    { name: 'demo', args: ['demo', '--no-screen'], judge: has('every file arrived') },
  ];
}

function arrived(root: string): string | null {
  return readFileSync(join(root, 'destination', 'clip.mov')).equals(content) ? null : 'other bytes arrived';
}

async function run({ name, args, judge }: Step, program: string, root: string): Promise<Tried> {
  const started = performance.now();
  const tmp = join(root, 'tmp');
  const bare = { HOME: join(root, 'no-home'), PATH: '', TMPDIR: tmp, TEMP: tmp, TMP: tmp, SystemRoot: env['SystemRoot'] ?? '' };
  const trouble = await outcome();
  return { step: name, trouble, seconds: (performance.now() - started) / 1000 };

  async function outcome(): Promise<string | null> {
    try {
      const { code, output } = await runProcess(program, args, { cwd: join(root, 'empty'), timeoutMs, env: bare });
      const wrong = code === 0 ? judge(output) : `it ended with ${code}`;
      return wrong === null ? null : `${wrong}; it said:\n${output}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
