// group: storage
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markerName } from '@sluice/core/marker';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mountedFolder } from '../../src/mounted/folder.ts';
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

whereRoot('writeMarker, isEmpty: names without kinds, one of them not valid UTF-8', test, async () => {
  const disk = makeLoopDisk();
  try {
    disk.format('a', 4, '-O', '^filetype,^metadata_csum');
    disk.mount('a');
    mkdirSync(join(disk.path, 'day1'));
    for (const folder of ['', 'day1/']) writeFileSync(Buffer.concat([Buffer.from(`${disk.path}/${folder}q`), Buffer.from([0xff])]), '');
    await writeMarker(orderFor(disk.path));
    assert.ok(readdirSync(disk.path).includes(markerName));
    const day = await mountedFolder(disk.path, () => true, 'destination').open('day1', 'folder');
    assert.is(await day.isEmpty(), false);
    await day.close();
  } finally {
    disk.remove();
  }
});

test.run();
