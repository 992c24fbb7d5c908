// Takes a lock, keeps no reference to it, lets the garbage collector run, and reports whether another process gets it.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { lockFile } from '../src/file.ts';

const [file = '', role = 'holder'] = process.argv.slice(2);
const facts = { pid: process.pid, startedAt: '2026-01-01T00:00:00.000Z', version: '0', socketPath: null };
const isMine = lockFile(file, facts) !== null;
if (role === 'holder') {
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    (globalThis as { gc?: () => void }).gc?.();
  }
  spawnSync(process.execPath, [process.argv[1] ?? '', file, 'other'], { stdio: 'inherit' });
} else process.stdout.write(isMine ? 'free\n' : 'locked\n');
