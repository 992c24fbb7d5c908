import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@sluice/persistence';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { sluice } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('a state folder that was moved to another machine');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(({ folders }) => folders.remove());

const run = ({ source, destination, stateDir }: Folders, ...more: string[]) =>
  sluice(['run', '--from', source, '--to', destination, '--state', stateDir, '--until-idle', '--stable-after', '300ms', ...more]);

test('it is used there only after an operator confirms it', async ({ folders }) => {
  if (!existsSync('/etc/machine-id')) {
    console.log('skipped: this machine does not say which one it is');
    return;
  }
  await makeFile(join(folders.source, 'a.mov'), 1_000);
  assert.is((await run(folders)).code, 0);
  assert.is((await run(folders)).code, 0, 'on the same machine nothing is asked');
  const journal = openJournal({ path: join(folders.stateDir, 'journal.db'), now: Date.now });
  journal.noteMachine({ id: 'another', name: 'van-2' });
  journal.close();
  const refused = await run(folders);
  assert.is(refused.code, 2);
  assert.match(refused.stderr, /last used on the machine "van-2".*--moved/);
  assert.is((await run(folders, '--moved')).code, 0);
  assert.is((await run(folders)).code, 0, 'once');
});

test('a new id of the same machine gives one warning', async ({ folders }) => {
  if (!existsSync('/etc/machine-id')) {
    console.log('skipped: this machine does not say which one it is');
    return;
  }
  await makeFile(join(folders.source, 'a.mov'), 1_000);
  assert.is((await run(folders)).code, 0);
  const journal = openJournal({ path: join(folders.stateDir, 'journal.db'), now: Date.now });
  journal.noteMachine({ id: 'another', name: hostname() });
  journal.close();
  const warned = await run(folders);
  assert.is(warned.code, 0, warned.stderr);
  assert.match(warned.stderr, /warn {2}the machine's id changed since the state folder .* was last used/);
  const again = await run(folders);
  assert.is(again.code, 0);
  assert.not.match(again.stderr, /the machine's id changed/);
});

test.run();
