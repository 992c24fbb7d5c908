// real: it starts processes
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { endRemnants, type RemnantsAnswer, type RemnantsInit } from '@sluice/child';
import type { HookEnd } from '@sluice/core/model';
import type { ChildIdentity } from '@sluice/persistence';
import { identifyProcess, type ProcessIdentity } from '@sluice/platform';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hookCommand } from '../../src/hooks/command.ts';
import { startHook } from '../../src/hooks/run.ts';
import { endEarlierHooks, type HookOwner, isHookRecord, TrackedRun } from '../../src/hooks/tracking.ts';

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
  const deadlines = { deadlineMs, killMs: 20_000 };
  return new Promise((resolve) => {
    startHook({ ...command, env: { ...command.env, OUT: folder } }, resolve, { tracked: tracked().run, deadlines });
  });
}

const owner: HookOwner = { hook: 'before_probe', route: 'a b' };

/** A run whose processes are recorded, and ended by this process. */
function tracked(): { readonly run: TrackedRun; readonly recorded: Map<number, ChildIdentity> } {
  const recorded = new Map<number, ChildIdentity>();
  const register = {
    born: (kind: string, { identity }: { readonly identity: ProcessIdentity | null }) => {
      if (identity !== null) recorded.set(identity.pid, { ...identity, kind });
    },
    gone: (pid: number) => void recorded.delete(pid),
  };
  const endRest = (init: RemnantsInit): Promise<RemnantsAnswer> => endRemnants(init, process.pid);
  const run = new TrackedRun(owner, { register, endRemnants: endRest, log: assert.unreachable });
  return { run, recorded };
}

/** Starts a script like a hook of an agent that is killed at once. @returns the record of the journal, and the pid that it writes */
async function leave(folder: string, script: string): Promise<{ readonly records: [ChildIdentity]; readonly pid: number }> {
  const { run, recorded } = tracked();
  const child = spawn('/bin/sh', ['-c', script], { stdio: 'ignore', detached: true, env: { OUT: folder, ...run.env } });
  run.begun(child.pid ?? 0);
  const records = [...recorded.values()] as [ChildIdentity];
  for (;;) {
    const pid = existsSync(join(folder, 'pid')) ? Number(readFileSync(join(folder, 'pid'), 'utf8')) : 0;
    if (pid > 0) return { records, pid };
    await pause(10);
  }
}

const endHere = (init: RemnantsInit): Promise<RemnantsAnswer> => endRemnants(init, process.pid);
const isRunning = (pid: number): boolean => identifyProcess(pid) !== null;
/** Starts `sleep` in a session that nobody waits for, as a daemon does, and writes its pid. */
const daemon = `setsid sh -c 'sleep 1000 & echo $! > "$OUT/new"; mv "$OUT/new" "$OUT/pid"'`;

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

  test('after the deadline what left its process group is ended too', async ({ folder }) => {
    const end = await runShell(folder, `${daemon}; sleep 1000`, 500);
    assert.is(end.kind, 'overdue');
    await untilGone(Number(readFileSync(join(folder, 'pid'), 'utf8')));
  });

  test('a process that left the group of a hook which ended by itself goes on, as a mount helper does', async ({ folder }) => {
    assert.is((await runShell(folder, daemon)).kind, 'ended');
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await pause(50);
    assert.ok(isRunning(pid));
    process.kill(pid, 'SIGKILL');
  });

  test('endEarlierHooks: ends a hook that a crash of the agent left running, with all that it started', async ({ folder }) => {
    const { records, pid } = await leave(folder, `${daemon}; sleep 1000`);
    assert.match(records[0].kind, /^hook \S+ run before_probe a b$/);
    assert.ok(records.every(isHookRecord));
    const { ended, hooks, stillThere } = await endEarlierHooks(records, endHere);
    assert.equal([ended, stillThere], [records, []]);
    assert.equal(hooks, [owner]);
    await untilGone(pid);
    await untilGone(records[0].pid);
  });

  test('endEarlierHooks: of a hook that ended while no agent ran, ends what it left in its group, and nothing else', async ({ folder }) => {
    const { records, pid } = await leave(folder, `sleep 1000 & echo $! > "$OUT/member"; ${daemon}`);
    await untilGone(records[0].pid);
    const member = Number(readFileSync(join(folder, 'member'), 'utf8'));
    assert.ok(isRunning(member));
    assert.equal(await endEarlierHooks(records, endHere), { ended: records, hooks: [owner], stillThere: [] });
    await untilGone(member);
    assert.ok(isRunning(pid));
    process.kill(pid, 'SIGKILL');
  });

  test('endEarlierHooks: another process with the number, and one that another service started with the mark, are let be', async ({
    folder,
  }) => {
    const { records, pid } = await leave(folder, `${daemon}; sleep 1000`);
    const [record] = records;
    const strangers = [
      { ...record, startTime: '1', kind: 'hook 00000000-0000-4000-8000-000000000000 run on_done' },
      { ...record, bootId: 'another boot' },
    ];
    assert.equal(await endEarlierHooks(strangers, endHere), { ended: strangers, hooks: [], stillThere: [] });
    assert.ok(isRunning(pid) && isRunning(record.pid));
    const mark = record.kind.split(' ')[1] ?? '';
    const service = spawn('/bin/sh', ['-c', `SLUICE_HOOK=${mark} sleep 1000 & echo $! > "$OUT/other"; wait`], { env: { OUT: folder } });
    while (!existsSync(join(folder, 'other')) || readFileSync(join(folder, 'other'), 'utf8') === '') await pause(10);
    const other = Number(readFileSync(join(folder, 'other'), 'utf8'));
    await endEarlierHooks(records, endHere);
    await untilGone(pid);
    assert.ok(isRunning(other));
    process.kill(other, 'SIGKILL');
    service.kill();
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
  const end = await new Promise<HookEnd>((resolve) => command !== null && startHook(command, resolve, { tracked: tracked().run }));
  assert.is(end.kind, 'not_started');
});

test.run();
