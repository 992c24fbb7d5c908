// real: six processes do the same at the same moment
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('unpack: many simultaneous first starts all get the complete file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-unpack-'));
  try {
    const native = join(folder, 'native');
    const starts = Array.from({ length: 6 }, () => startOn(native));
    await Promise.all(starts.map(({ stdout }) => once(stdout, 'data')));
    const paths = starts.map(lastOutput);
    for (const { stdin } of starts) stdin.end('go\n');
    const [path = '', ...others] = await Promise.all(paths);
    assert.equal(others, Array(5).fill(path));
    assert.equal(readFileSync(path), Buffer.alloc(3_000_000, '7'));
    assert.equal(readdirSync(native).length, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

type Start = ChildProcessByStdio<Writable, Readable, null>;

function startOn(native: string): Start {
  const main = join(import.meta.dirname, 'unpack-main.ts');
  const runtime = 'Deno' in globalThis ? ['run', '-A', main] : [main];
  return spawn(process.execPath, [...runtime, native, '7'], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Returns what it prints from now to its end. */
async function lastOutput(child: Start): Promise<string> {
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += String(chunk)));
  await once(child, 'close');
  return text;
}

test.run();
