// group: storage
import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeMarker } from '../../src/mounted/marker.ts';
import { makeLoopDisk, whereRoot } from '../support/loop-disk.ts';
import { codeOfFailure, linksFail, orderFor } from '../support/marker-folder.ts';

whereRoot('writeMarker: a share that went away since it was asked leaves its local folder empty', test, async () => {
  const disk = makeLoopDisk();
  try {
    disk.format('a', 4);
    disk.mount('a');
    const order = orderFor(disk.path);
    disk.unmountLazily();
    assert.is(await codeOfFailure(writeMarker(order)), 'REMOUNTED');
    assert.equal(readdirSync(disk.path), []);
  } finally {
    disk.remove();
  }
});

whereRoot('writeMarker: no room for it leaves no empty marker that would never be read', test, async () => {
  const disk = makeLoopDisk();
  try {
    disk.format('a', 4);
    disk.mount('a');
    const fillsFirst = linksFail(disk.path, 'EPERM', () => disk.fill());
    assert.is(await codeOfFailure(writeMarker(orderFor(disk.path), fillsFirst)), 'ENOSPC');
    assert.equal(readdirSync(disk.path).sort(), ['filler', 'lost+found']);
    disk.fill();
    assert.is(await codeOfFailure(writeMarker(orderFor(disk.path))), 'ENOSPC');
    assert.equal(readdirSync(disk.path).sort(), ['filler', 'lost+found']);
  } finally {
    disk.remove();
  }
});

test.run();
