import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exposedAbove, type Trust } from '../src/exposed-folders.ts';

const userId = process.geteuid?.() ?? 0;
const groupId = process.getegid?.() ?? 0;
const trust: Trust = { userId, groups: '', users: '', userMap: '         0          0 4294967295\n' };

/** Makes a state folder two levels below a folder with these modes. */
function bed(): { readonly shared: string; readonly state: string } {
  const shared = path.join(temporaryFolder('exposed'), 'shared');
  const state = path.join(shared, 'own', 'state');
  mkdirSync(state, { recursive: true, mode: 0o755 });
  return { shared, state };
}

const found = (state: string, shared: string, who: Trust = trust): string | null =>
  exposedAbove(state, who).find(({ folder }) => folder === shared)?.why ?? null;

test('exposedAbove: finds a folder that every user may write to, unless it is sticky', () => {
  if (process.platform === 'win32') return;
  const { shared, state } = bed();
  assert.is(found(state, shared), null);
  chmodSync(shared, 0o777);
  assert.match(found(state, shared) ?? '', /every user may write to it; run chmod o-w/);
  chmodSync(shared, 0o1777);
  assert.is(found(state, shared), null);
  chmodSync(shared, 0o1775);
  assert.is(found(state, shared), null);
  chmodSync(state, 0o777);
  assert.is(found(state, state), null, 'the folder itself is looked at elsewhere');
});

test('exposedAbove: finds a folder that a group may write to, unless the group has no other member', () => {
  if (process.platform === 'win32') return;
  const { shared, state } = bed();
  const gid = groupId === 0 ? 61_000 : groupId;
  chownSync(shared, userId, gid);
  chmodSync(shared, 0o775);
  const [groups, users] = [`ann:x:${gid}:\n`, `ann:x:${userId}:${gid}::/home/ann:/bin/sh\n`];
  const rows: readonly (readonly [string, Partial<Trust>, boolean])[] = [
    ['an unknown group', {}, true],
    ["the user's private group", { groups, users }, false],
    ['it names its user', { groups: `ann:x:${gid}:ann\n`, users }, false],
    ['another member', { groups: `ann:x:${gid}:ben\n`, users }, true],
    ['the group of another user', { groups, users: `${users}ben:x:61001:${gid}::/:/bin/sh\n` }, true],
  ];
  for (const [what, more, isExposed] of rows) assert.is(found(state, shared, { ...trust, ...more }) !== null, isExposed, what);
});

test('exposedAbove: finds a folder or a link of another user, but not one whose owner the container does not know', () => {
  if (userId !== 0) return void process.stdout.write('\nskipped: folders of other users: only root can make them\n');
  const { shared, state } = bed();
  chownSync(shared, 61_234, 0);
  chmodSync(shared, 0o1755);
  assert.match(found(state, shared) ?? '', /it belongs to uid 61234/);
  chownSync(shared, 65_534, 0);
  assert.match(found(state, shared) ?? '', /it belongs to /);
  assert.is(found(state, shared, { ...trust, userMap: '0 100000 65536\n' }), null);
  chownSync(shared, 0, 0);
  const link = path.join(path.dirname(shared), 'link');
  symlinkSync(path.dirname(state), link);
  assert.is(found(path.join(link, 'state'), link), null);
  chmodSync(shared, 0o777);
  assert.match(found(path.join(link, 'state'), shared) ?? '', /every user/, 'what the link leads through');
});

test('exposedAbove: works for a folder that does not exist yet', () => {
  if (process.platform === 'win32') return;
  const { shared, state } = bed();
  chmodSync(shared, 0o777);
  assert.match(found(path.join(state, 'not', 'yet'), shared) ?? '', /every user/);
  assert.equal(exposedAbove('/nonexistent/state'), []);
});

test.run();
