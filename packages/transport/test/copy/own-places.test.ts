import { link, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bench, orderFor } from '../support/bench-of-one.ts';
import { make } from '../support/files.ts';

const size = 200_000;

test('preflight: what stands there and is the source itself proves nothing', async () => {
  const b = await bench();
  const order = orderFor('a.mov', await make(join(b.source, 'a.mov'), size));
  await link(join(b.source, 'a.mov'), join(b.destination, 'a.mov'));
  b.carrier.receive({ kind: 'preflight', order });
  assert.is((await b.next('failed')).fault.code, 'SAME_FILE');
  await b.end();
});

test('preflight: a link in the place of a folder is not followed, wherever it leads', async () => {
  const b = await bench();
  await mkdir(join(b.source, 'sub'));
  const order = orderFor('sub/a.mov', await make(join(b.source, 'sub/a.mov'), size));
  await symlink(join(b.source, 'sub'), join(b.destination, 'sub'));
  b.carrier.receive({ kind: 'preflight', order });
  assert.is((await b.next('failed')).fault.code, 'LINKED');
  await b.end();
});

test.run();
