// group: storage

import { readdirSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markerName } from '@sluice/core/marker';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { whereRoot } from '../support/loop-disk.ts';
import type { ProberChild } from '../support/prober-child.ts';
import { expectBad, first, inFolder, isKind } from '../support/prober-claims.ts';

/** A prober that has given up the rights of root. */
const asNobody = (name: string, work: (prober: ProberChild, root: string) => Promise<void>): void =>
  whereRoot(name, test, () => inFolder(work, { asNobody: true }));

asNobody('prober: if its user may not write, the result is denied', async (prober, root) => {
  await chmod(root, 0o755);
  await writeFile(join(root, markerName), `x\n${first}\n`);
  for (const writes of [true, false]) {
    const { finding } = await expectBad(prober, 'denied', 'EACCES', first, writes);
    assert.equal(finding, { kind: 'call_failed', operation: 'create a probe file' });
  }
  await chmod(root, 0o700);
  await expectBad(prober, 'denied', 'EACCES');
  await chmod(root, 0o777);
  isKind(await prober.probe({ expectedMarker: first }), 'good');
});

asNobody('prober: a marker that its user may not read is denied, and the finding says so', async (prober, root) => {
  await chmod(root, 0o777);
  await writeFile(join(root, markerName), `x\n${first}\n`);
  await chmod(join(root, markerName), 0o600);
  for (const writes of [true, false]) {
    const { finding } = await expectBad(prober, 'denied', 'EACCES', first, writes);
    assert.equal(finding, { kind: 'marker_denied', operation: 'read the marker' });
  }
});

asNobody('prober: a new folder that its user may not write to is denied, too', async (prober, root) => {
  await chmod(root, 0o755);
  const { finding } = await expectBad(prober, 'denied', 'EACCES', null);
  assert.equal(finding, { kind: 'call_failed', operation: 'create a probe file' });
  await chmod(root, 0o777);
  isKind(await prober.probe(), 'unmarked');
});

asNobody('prober: a marker that may not be written leaves no trace, and the next question is answered', async (prober, root) => {
  await chmod(root, 0o777);
  const unmarked = await prober.probe();
  await chmod(root, 0o755);
  const { cause, code, finding } = await prober.markRefused(first, unmarked);
  assert.equal({ cause, code, finding }, { cause: 'denied', code: 'EACCES', finding: { kind: 'marker_refused', operation: 'create' } });
  await expectBad(prober, 'denied', 'EACCES', null);
  await expectBad(prober, 'denied', 'EACCES', null);
  assert.equal(readdirSync(root), []);
});

test.run();
