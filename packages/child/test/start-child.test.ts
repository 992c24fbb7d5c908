// real: starts and kills processes
import { execFile } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import process, { kill } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { identifyProcess, isDeno } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { start, until } from './support/start.ts';

const isLinux = process.platform === 'linux';

test('startChild: init and messages arrive in order, and so do the answers', async () => {
  const { child, next, gone } = start<string>('echo', 'first');
  child.send('a');
  child.send('b');
  assert.equal([await next(), await next(), await next()], ['init first', 'a!', 'b!']);
  child.kill();
  await gone;
  assert.ok(child.isGone());
  assert.is(child.send('c'), false);
});

test('startChild: generations are never used twice', async () => {
  const [one, two] = [start('echo', ''), start('echo', '')];
  assert.ok(two.child.generation > one.child.generation);
  one.child.kill();
  two.child.kill();
  await Promise.all([one.gone, two.gone]);
});

test('startChild: a child gets only a few variables of the environment, and those it is given', async () => {
  process.env['SLUICE_TEST_SECRET'] = 'x';
  const { child, next, gone } = start<Record<string, string>>('environment', null, { UV_THREADPOOL_SIZE: '9' });
  const seen = await next();
  assert.is(seen['UV_THREADPOOL_SIZE'], '9');
  assert.is(seen['SLUICE_TEST_SECRET'], undefined);
  assert.is(seen['PATH'], process.env['PATH']);
  child.kill();
  await gone;
});

test('startChild: the end of a child that crashed comes after its last message, with its reason', async () => {
  const { child, end, messages } = start<number>('crash', 2_000);
  const { code, diagnosis } = await end;
  assert.is(code, 1);
  assert.match(diagnosis, 'the reason it gave');
  assert.is(child.diagnosis(), diagnosis);
  assert.is(messages.length, 2_000);
});

test('startChild: a child that sends an invalid message is killed, with the reason, and ignored from then on', async () => {
  const isText = (message: unknown): boolean => typeof message === 'string';
  const { end: first, messages } = start<string>('stranger', { is: 'other' }, {}, isText);
  assert.is((await first).diagnosis, "it sent what the stranger process never sends: { is: 'other' }");
  assert.equal(messages, ['right']);
  const { end } = start<string>('stranger', { is: 'messages', messages: [[Array(1_000).fill('x'.repeat(1_000))]] }, {}, isText);
  assert.ok((await end).diagnosis.length < 400);
});

test('startChild: a heartbeat reports what is under way', async () => {
  const { child, next, gone } = start<string>('busy', null);
  await next();
  const bornAt = child.lastHeardAt();
  await until(() => child.activity() !== null);
  assert.equal(child.activity(), { operation: 'read a.mov', side: 'source', sinceMs: 1234 });
  assert.ok(child.lastHeardAt() > bornAt);
  child.kill();
  await gone;
});

test('startChild: an abandoned child is ignored, and reported as gone only when it has ended', async () => {
  const { child, messages, next, end } = start<string>('echo', '');
  await next();
  kill(child.pid, 'SIGSTOP');
  child.send('late');
  child.abandon();
  assert.not(child.isGone());
  await until(() => child.isGone());
  assert.equal(messages, ['init ']);
  const hasEndBeenTold = await Promise.race([end.then(() => true), Promise.resolve(false)]);
  assert.not(hasEndBeenTold);
});

test('startChild: a program that cannot be started is reported as an end with its reason', async () => {
  if (isDeno()) return;
  const before = process.execPath;
  process.execPath = '/nowhere/node';
  syncBuiltinESMExports();
  const { child, end } = start('echo', '');
  process.execPath = before;
  syncBuiltinESMExports();
  const { diagnosis } = await end;
  assert.match(diagnosis, 'ENOENT');
  assert.is(child.pid, 0);
  assert.is(child.identity, null);
  child.abandon();
});

test('startChild: an error that the system reports at once is an end with its reason too', async () => {
  const { child, end, gone } = start('echo', '', { 'not\0possible': '' });
  const { diagnosis } = await end;
  await gone;
  assert.match(diagnosis, 'null bytes');
  assert.is(child.pid, 0);
  assert.not(child.send('a'));
  child.abandon();
});

test('startChild: a parent can end although a child that it abandoned never does', async () => {
  if (!isLinux) return;
  const main = fileURLToPath(new URL('./support/leaver-main.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...(isDeno() ? ['run', '-A'] : []), main], { timeout: 20_000 });
  const [, pid, isGone] = /^left (\d+) (\w+)$/m.exec(stdout) ?? [];
  kill(Number(pid), 'SIGKILL');
  assert.is(isGone, 'false');
});

test('startChild: the identity is that of the process', async () => {
  if (!isLinux) return;
  const { child, next, gone } = start<string>('echo', '');
  await next();
  assert.equal(child.identity, identifyProcess(child.pid));
  child.kill();
  await gone;
  assert.is(identifyProcess(child.pid), null);
});

for (const kind of ['busy', 'hung']) {
  test(`runChild: a ${kind} child ends when its parent was killed`, async () => {
    if (!isLinux) return;
    const parent = start<number>('parent', kind);
    const pid = await parent.next();
    assert.ok(identifyProcess(pid));
    kill(parent.child.pid, 'SIGKILL');
    await until(() => identifyProcess(pid) === null);
  });
}

test.run();
