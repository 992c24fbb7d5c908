// The thread of a `Watchdog`. It shares two numbers with the thread that runs the cases.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { workerData } from 'node:worker_threads';

interface Watched {
  readonly shared: Int32Array;
  readonly startedAt: number;
  readonly hint: string;
  readonly limitMs: number;
}

const { shared, startedAt, hint, limitMs } = workerData as Watched;
const everyMs = 200;

setInterval(() => {
  const endsAt = Atomics.load(shared, 1);
  if (endsAt === 0 || performance.timeOrigin + performance.now() - startedAt < endsAt) return;
  writeSync(1, `a case took longer than ${limitMs} ms; ${hint.replace('{seed}', String(shared[0]))}\n`);
  process.kill(process.pid, 'SIGKILL');
}, everyMs);
