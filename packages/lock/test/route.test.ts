// real: it starts processes
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { shortHash } from '@sluice/platform';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RouteTaken } from '../src/error.ts';
import { isTrusted, type ProcessTable } from '../src/holder.ts';
import { claimRoute } from '../src/route.ts';
import { lockRouteFiles } from '../src/route-files.ts';

const about = { version: '1.2.3', startedAt: '2026-01-02T03:04:05.000Z' };
const strangerId = 61_234;
const own = process.geteuid?.() ?? 0;

const ownId = 61_235;

function table(userOfHolder: number | null, holds: boolean, userId = ownId): ProcessTable {
  return { userId, userOf: () => userOfHolder, holdsSocket: () => holds };
}

test('isTrusted: only a process of this user that has the socket open', () => {
  const holder = { pid: 4711, stateDir: '/st' };
  assert.is(isTrusted(holder, 'n', null, table(ownId, true)), true);
  assert.is(isTrusted(holder, 'n', null, table(ownId, false)), false, 'it names a process that does not hold the socket');
  assert.is(isTrusted(holder, 'n', null, table(strangerId, true)), false, 'another user');
  assert.is(isTrusted(holder, 'n', null, table(null, true)), false, 'no such process');
  assert.is(isTrusted({ pid: null, stateDir: null }, 'n', null, table(ownId, true)), false, 'it says nothing');
});

for (const userId of [0, ownId]) {
  test(`isTrusted: of root's processes only the recorded agent, seen by user ${userId}: a setuid program may have been given the socket`, () => {
    const onRecord = { bootId: 'b', pid: 4711, startTime: '1' };
    assert.is(isTrusted({ pid: 4711, stateDir: '/st' }, 'n', null, table(0, true, userId)), false, 'as su has it, started with the socket');
    assert.is(isTrusted({ pid: 4712, stateDir: '/st' }, 'n', onRecord, table(0, true, userId)), false, 'another one is on record');
    assert.is(isTrusted({ pid: 4711, stateDir: '/st' }, 'n', onRecord, table(0, true, userId)), true);
  });
}

test('lockRouteFiles: only one of two agents of a user gets the route, however many folders they share', () => {
  const [one, two, three] = [temporaryFolder('one'), temporaryFolder('two'), temporaryFolder('three')];
  const first = lockRouteFiles('h', about, [one, two]);
  assert.ok(first !== null && 'release' in first);
  assert.equal(lockRouteFiles('h', about, [three, two]), { takenBy: process.pid });
  const other = lockRouteFiles('h', about, [three]);
  assert.ok(other !== null && 'release' in other, 'what was locked before the one that was taken is released');
  other.release();
  first.release();
  const again = lockRouteFiles('h', about, [one, two]);
  assert.ok(again !== null && 'release' in again);
  again.release();
});

async function squat(name: string, answer: object, userId: number | null): Promise<ChildProcess> {
  const args = [path.join(import.meta.dirname, 'squatter-main.ts'), name, JSON.stringify(answer), userId === null ? '' : String(userId)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

if (process.platform === 'linux' && !('Deno' in globalThis)) {
  // Without root, the squatter runs as this user and names a process that does not hold the socket, which leads to the same
  // decision.
  const userId = own === 0 ? strangerId : null;
  for (const pid of [1, process.pid, process.ppid]) {
    test(`claimRoute: another user that holds the name and says it is ${pid === 1 ? 'process 1' : 'an agent'} does not keep the route (${pid})`, async () => {
      const folder = temporaryFolder('route');
      const mine = { ...about, route: 'mine', source: path.join(folder, 's'), destination: path.join(folder, 'd'), stateDir: folder };
      const stranger = await squat(`sluice-${shortHash(mine.source, mine.destination)}`, { pid, stateDir: '/root/x' }, userId);
      try {
        const warnings: string[] = [];
        const lock = await claimRoute({ ...mine, onWarning: (message) => warnings.push(message) });
        assert.match(
          warnings.join('\n'),
          /^the lock of route "mine" \(@sluice-[0-9a-f]{16}\) is held by a process that calls itself \d+, which is not an agent/,
        );
        const second = await claimRoute({ ...mine, stateDir: '/elsewhere' }).catch((error: unknown) => error);
        assert.instance(second, RouteTaken, 'two agents exclude each other all the same');
        lock.release();
        (await claimRoute(mine)).release();
      } finally {
        stranger.kill('SIGKILL');
      }
    });
  }
}

test.run();
