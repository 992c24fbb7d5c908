import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { sluice } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('a machine without a configuration');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => await folders.remove());

test('service status: without a sluice.toml it answers that no service is installed', async ({ folders }) => {
  const home = join(folders.source, 'home');
  await mkdir(home);
  const found = await sluice(['service', 'status', '--mine'], { env: { HOME: home, XDG_CONFIG_HOME: home } });
  assert.equal([found.code, found.stdout, found.stderr], [1, 'not installed\n', '']);
  const named = await sluice(['service', 'status', '--mine', '-c', join(home, 'none.toml')], { env: { HOME: home } });
  assert.is(named.code, 2);
  assert.match(named.stderr, /none\.toml/);
});

test.run();
