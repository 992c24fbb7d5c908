// group: storage
import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeMarker } from '../../src/mounted/marker.ts';
import { makeLoopDisk, whereRoot } from '../support/loop-disk.ts';
import { codeOfFailure, linksFail, orderFor } from '../support/marker-folder.ts';

whereRoot('writeMarker: if the share was unmounted since the probe, the local folder below it stays empty', test, async () => {
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

whereRoot('writeMarker: without room for the marker, no empty marker is left', test, async () => {
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
