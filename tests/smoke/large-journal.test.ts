import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEvent } from '@sluice/core';
import { fileId, routeName, type TrackedFile } from '@sluice/core/model';
import { openJournal } from '@sluice/persistence';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { logOf, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('a large journal');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const route = routeName('default');
const found: FileEvent = { kind: 'found' };
const file: TrackedFile = {
  id: fileId('00000001-0000-4000-8000-000000000000'),
  route,
  source: 'copied.mxf',
  destination: 'copied.mxf',
  nameValid: true,
  nameNumber: 0,
  nameReason: null,
  fingerprint: { sizeBytes: 5, mtimeNs: '1790000000123456789' },
  mode: 0o644,
  mayGrow: false,
  attempt: 1,
  countedAttempts: 0,
  recoveryOf: null,
  recoveredBy: null,
  burned: [],
  leftParts: [],
  leftVisible: [],
  toMark: [],
  discoveredAt: 1_000,
  startedAt: 1_000,
  endedAt: 2_000,
  sourceGone: false,
  status: 'COMPLETED',
  growing: false,
  hash: { algorithm: 'xxh64', value: '0123456789abcdef' },
  readback: 'direct',
  copied: true,
  afterCopy: 'none',
  notes: [],
};

/** Makes a journal that is larger than what a start reads as a whole, by adding one record of another route. */
function makeJournal(stateDir: string, alter: string | null): void {
  mkdirSync(stateDir, { mode: 0o700 });
  const journal = openJournal({ path: join(stateDir, 'journal.db'), now: Date.now });
  const {
    growing: _g,
    hash: _h,
    readback: _r,
    copied: _c,
    afterCopy: _a,
    notes: _n,
    ...common
  } = file as TrackedFile & { status: 'COMPLETED' };
  const growth = { since: 0, movedAt: 0, roseFrom: null, roseTimes: 0, roseAt: 0 };
  const first: TrackedFile = { ...common, status: 'DISCOVERED', endedAt: null, growth };
  const filler = 'x'.repeat(40_000_000);
  journal.append([
    { kind: 'transition', seq: 1, at: 1_000, event: found, from: null, to: 'DISCOVERED', file: first },
    { kind: 'transition', seq: 2, at: 2_000, event: found, from: 'DISCOVERED', to: 'COMPLETED', file },
    { kind: 'route_fact', seq: 3, at: 3_000, route: routeName('another'), key: 'first', event: { kind: 'first', sources: [filler] } },
  ]);
  if (alter !== null) journal.database.exec(alter);
  journal.close();
}

test('damage in it ends the agent, which has begun to work, with 4 and what to do', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  makeJournal(stateDir, 'UPDATE files SET size_bytes = 17');
  const agent = startAgent({ from, to, stateDir, args: [] });
  assert.is(await agent.ended, 4, agent.complaints());
  assert.match(agent.complaints(), /the journal is damaged; keep it for inspection and start with another state folder/u);
  assert.match(agent.complaints(), /tracked file 00000001-0000-4000-8000-000000000000 \(COMPLETED\) does not match its checksum/u);
});

test('an undamaged one is used at once, and checked meanwhile', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  makeJournal(stateDir, null);
  writeFileSync(join(from, 'new.mxf'), 'bytes');
  const agent = startAgent({ from, to, stateDir, args: ['--stable-after', '1s'] });
  const isChecked = (): boolean => existsSync(logOf(agent)) && readFileSync(logOf(agent), 'utf8').includes('checked: it is undamaged');
  await until(isChecked, 60_000);
  await until(() => existsSync(join(to, 'new.mxf')), 60_000);
});

test.run();
