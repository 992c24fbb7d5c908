import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { BenchAgent, makeSpeedFolders } from './bench-agent.ts';
import { momentsIn } from './story.ts';

const recorders = 8;
const bytesPerSecond = 25_000_000;
const pieceMs = 100;
const quietForMs = 3_000;

/** Measures several recorders that write at once, and a copy that follows each of them. */
export async function measureRecorders(rounds: number): Promise<readonly Figure[]> {
  const seconds = count('recording', 20);
  const [late, busy]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < rounds; turn += 1) {
    const folders = makeSpeedFolders();
    const agent = new BenchAgent(folders, ['--until-idle', '--growing-quiet-for', `${quietForMs}ms`]);
    try {
      (await agent.client()).close();
      const before = agent.usage().processorMs;
      const endedAt = await record(folders.source, seconds);
      busy.push(((agent.usage().processorMs - before) / (seconds * 1_000)) * 100);
      await agent.ended();
      const completed = [...momentsIn(folders.stateDir).values()].map((moments) => moments.completed);
      late.push(Math.max(...completed) - endedAt - quietForMs);
    } finally {
      await agent.stop();
      folders.remove();
    }
  }
  const name = `${recorders} recorders at 25 MB/s for ${seconds} s`;
  return [
    { what: `${name}: done after quiet_for, settle read included`, unit: 'ms', goal: null, readings: late, judged: 'median' },
    { what: `${name}: of a core while they record, all processes`, unit: '%', goal: 35, readings: busy, judged: 'median' },
  ];
}

/** @returns when the last byte was written, milliseconds since the epoch */
async function record(folder: string, seconds: number): Promise<number> {
  const piece = Buffer.alloc((bytesPerSecond * pieceMs) / 1_000, 'recorded ');
  const files = Array.from({ length: recorders }, (_, index) => openSync(join(folder, `take${index}.mxf`), 'wx'));
  const began = performance.now();
  for (let written = 1; written <= (seconds * 1_000) / pieceMs; written += 1) {
    for (const file of files) writeSync(file, piece);
    await sleep(Math.max(0, began + written * pieceMs - performance.now()));
  }
  for (const file of files) closeSync(file);
  return Date.now();
}
