import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeStorage } from '../../../src/demo/stage/storage.ts';

const storages = suite<{ root: string }>('storage');

storages.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), 'storage-'));
});
storages.after.each(({ root }) => rmSync(root, { recursive: true }));

storages('makeStorage: a disk that is taken out comes back with what is on it', async ({ root }) => {
  const storage = await makeStorage(root);
  writeFileSync(join(storage.folder, 'clip'), '');
  await storage.takeOut();
  assert.is(storage.inserted(), null);
  assert.throws(() => readdirSync(storage.folder));
  assert.equal(readdirSync(storage.pathOf('right')), ['clip']);
  await storage.takeOut();
  await storage.putIn('right');
  assert.equal([storage.inserted(), readdirSync(storage.folder)], ['right', ['clip']]);
});

storages('makeStorage: the wrong disk holds other things, and keeps what is written to it', async ({ root }) => {
  const storage = await makeStorage(root);
  writeFileSync(join(storage.folder, 'clip'), '');
  await storage.putIn('wrong');
  assert.equal([storage.inserted(), readdirSync(storage.folder)], ['wrong', ['holidays']]);
  assert.equal(readdirSync(storage.pathOf('right')), ['clip']);
  writeFileSync(join(storage.folder, 'other'), '');
  await storage.putIn('right');
  assert.equal(readdirSync(storage.folder), ['clip']);
  await storage.takeOut();
  await storage.putIn('wrong');
  assert.equal(readdirSync(storage.folder), ['holidays', 'other']);
});

storages.run();
