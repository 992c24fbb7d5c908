// real: it starts a process whose output is not read
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

for (const descriptor of ['1', '2'] as const) {
  test(`lineOutput does not block the process when descriptor ${descriptor} is a pipe that is not read, or that closes`, async () => {
    const deno = 'Deno' in globalThis ? ['run', '-A'] : [];
    const child = spawn(process.execPath, [...deno, path.join(import.meta.dirname, 'writer-main.ts'), descriptor], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const [stalled, other] = descriptor === '1' ? [child.stdout, child.stderr] : [child.stderr, child.stdout];
    other?.resume();
    // The process wrote 2 MB to a pipe of 64 KiB, and is still able to report.
    const [message] = (await once(child, 'message')) as [{ kept: number; written: number }];
    assert.ok(message.kept > 0 && message.kept < message.written);
    stalled?.destroy();
    child.send('go on');
    const [code] = (await once(child, 'exit')) as [number];
    assert.is(code, 0);
  });
}

test.run();
