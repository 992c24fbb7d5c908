import { link, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carrierFixture, orderFor } from '../support/carrier-fixture.ts';
import { make } from '../support/files.ts';

const size = 200_000;

test('preflight: SAME_FILE if the file at the destination is the source itself', async () => {
  const fixture = await carrierFixture();
  const order = orderFor('a.mov', await make(join(fixture.source, 'a.mov'), size));
  await link(join(fixture.source, 'a.mov'), join(fixture.destination, 'a.mov'));
  fixture.carrier.receive({ kind: 'preflight', order });
  assert.is((await fixture.next('failed')).fault.code, 'SAME_FILE');
  await fixture.end();
});

test('preflight: a link in place of a folder is not followed, wherever it leads', async () => {
  const fixture = await carrierFixture();
  await mkdir(join(fixture.source, 'sub'));
  const order = orderFor('sub/a.mov', await make(join(fixture.source, 'sub/a.mov'), size));
  await symlink(join(fixture.source, 'sub'), join(fixture.destination, 'sub'));
  fixture.carrier.receive({ kind: 'preflight', order });
  assert.is((await fixture.next('failed')).fault.code, 'LINKED');
  await fixture.end();
});

test.run();
