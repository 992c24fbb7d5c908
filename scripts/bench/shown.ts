import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';

/** The program on a terminal that shows a complete picture. */
export interface Shown {
  readonly pid: number;
  /** Since the start of its process. */
  readonly shownAfterMs: number;
  /** The output in pieces. `at`: wall clock, milliseconds. */
  readonly chunks: { readonly at: number; readonly bytes: number }[];
  type(key: string): void;
  /** Returns the sizes of the heap; empty for a program that does not report them. */
  heapMegabytes(): Promise<number[]>;
  end(): Promise<void>;
}

const columns = 120;
const rows = 40;
const pollEveryMs = 3;
const startWithinMs = 20_000;
const reportTries = 100;
const reportEveryMs = 50;

/** Starts the program, and waits until it shows rows of files, counts and keys. */
export async function showScreen(command: readonly string[], stateDir: string): Promise<Shown> {
  const reports = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const chunks: Shown['chunks'] = [];
  const began = performance.now();
  const [program = '', ...args] = command;
  const canReport = program === execPath;
  const options = canReport ? ['--report-on-signal', `--report-directory=${reports}`] : [];
  const pty = new Pty([program, ...options, ...args, '--state', stateDir], {}, columns, rows);
  pty.child.onData((text) => void chunks.push({ at: Date.now(), bytes: Buffer.byteLength(text) }));
  while (!isWhole(pty.text())) {
    if (performance.now() - began > startWithinMs) throw new Error(`no whole picture came:\n${pty.text()}`);
    await sleep(pollEveryMs);
  }
  const { pid } = pty.child;
  return {
    pid,
    shownAfterMs: performance.now() - began,
    chunks,
    type: (key) => pty.child.write(key),
    heapMegabytes: () => (canReport ? reportedHeap(pid, reports) : Promise.resolve([])),
    end: async () => {
      pty.child.write('q');
      await pty.ended;
      rmSync(reports, { recursive: true });
    },
  };
}

function isWhole(text: string): boolean {
  return /clip\d+\.mxf/.test(text) && /Waiting [\d,]+/.test(text) && text.includes('leave');
}

async function reportedHeap(pid: number, folder: string): Promise<number[]> {
  kill(pid, 'SIGUSR2');
  for (let turn = 0; turn < reportTries; turn += 1) {
    await sleep(reportEveryMs);
    const [file] = readdirSync(folder);
    if (file === undefined) continue;
    try {
      const { javascriptHeap } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { javascriptHeap: { usedMemory: number } };
      return [javascriptHeap.usedMemory / 1_048_576];
    } catch {
      // The file is still being written.
    }
  }
  return [];
}
