// real: it starts processes
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { HookEnd } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hookCommand } from '../../src/hooks/command.ts';
import { startHook } from '../../src/hooks/run.ts';

const test = suite<{ folder: string }>('startHook');
const values = {
  event: 'attention',
  route: 'a',
  summary: `a: '; echo broken > "$OUT/h1x"; '`,
  more: 0,
  at: '2026-11-28T00:00:00.000Z',
  begun: 1,
  over: 0,
  conditions: [],
} as const;

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'hook-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function runShell(folder: string, script: string, deadlineMs = 20_000): Promise<HookEnd> {
  const command = hookCommand(['/bin/sh', '-c', script], values);
  if (command === null) throw new Error('no command');
  return new Promise((resolve) => startHook({ ...command, env: { ...command.env, OUT: folder } }, resolve, { deadlineMs, killMs: 20_000 }));
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return;
    await pause(10);
  }
}

if (process.platform === 'linux') {
  test('a shell gets the values as data and executes no part of them', async ({ folder }) => {
    const end = await runShell(folder, 'printf %s "$SLUICE_SUMMARY" > "$OUT/summary"; cat > "$OUT/input"');
    assert.equal(end, { kind: 'ended', code: 0, diagnosis: '' });
    assert.is(readFileSync(join(folder, 'summary'), 'utf8'), values.summary);
    assert.is(JSON.parse(readFileSync(join(folder, 'input'), 'utf8')).summary, values.summary);
    assert.throws(() => readFileSync(join(folder, 'h1x')), /ENOENT/);
  });

  test('the exit code and its last words are reported', async ({ folder }) => {
    assert.equal(await runShell(folder, 'echo why >&2; sleep 0.1; exit 7'), { kind: 'ended', code: 7, diagnosis: 'why\n' });
    assert.equal(await runShell(folder, 'kill -BUS $$'), { kind: 'killed', signal: 'SIGBUS', diagnosis: '' });
  });

  test('after the deadline everything that it started is ended', async ({ folder }) => {
    const script = 'sleep 1000 & echo $! > "$OUT/pid"; trap "" TERM; wait';
    const end = await runShell(folder, script, 300);
    assert.is(end.kind, 'overdue');
    assert.ok(end.kind === 'overdue' && end.afterMs >= 300);
    await untilGone(Number(readFileSync(join(folder, 'pid'), 'utf8')));
  });

  test('a hook that writes endlessly is not blocked, and only the end of its output is kept', async ({ folder }) => {
    const end = await runShell(folder, 'yes | head -c 20000000; yes no modem | head -c 20000000 >&2; exit 3');
    assert.ok(end.kind === 'ended' && end.code === 3 && end.diagnosis.length <= 500, JSON.stringify(end).slice(0, 200));
  });

  test('what it leaves running is ended with it', async ({ folder }) => {
    const end = await runShell(folder, 'sleep 1000 & echo $! > "$OUT/pid"');
    assert.is(end.kind, 'ended');
    await untilGone(Number(readFileSync(join(folder, 'pid'), 'utf8')));
  });
}

test('a program that is not there', async () => {
  const command = hookCommand(['/nowhere/at/all'], values);
  const end = await new Promise<HookEnd>((resolve) => command !== null && startHook(command, resolve));
  assert.is(end.kind, 'not_started');
});

test.run();
