// real: starts prober processes

import { existsSync, readdirSync, watch as watchFolder } from 'node:fs';
import { mkdir, readFile, rm, symlink, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markerName } from '@sluice/core/marker';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startProberChild } from '../support/prober-child.ts';
import { expectBad, first, inFolder, isKind, markAs, probeFile, second } from '../support/prober-claims.ts';

test('prober: a new folder has no marker, gets one on demand, and is good from then on', () =>
  inFolder(async (prober, root) => {
    isKind(await prober.probe(), 'unmarked');
    assert.equal(readdirSync(root), []);
    await markAs(prober, first);
    for (const expectedMarker of [first, null]) {
      const result = await prober.probe({ expectedMarker });
      isKind(result, 'good');
      assert.is(result.marker, first);
      assert.is(result.isFull, false);
      assert.ok((result.space.freeBytes ?? 0) > 0 && (result.space.totalBytes ?? 0) >= (result.space.freeBytes ?? 0));
    }
    assert.equal(readdirSync(root), [markerName]);
  }));

test('prober: creates and removes its probe file each time', () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    const seen = Promise.withResolvers<void>();
    const ended = new AbortController();
    const watching = (async () => {
      let times = 0;
      for await (const { filename, eventType } of watch(root, { signal: ended.signal })) {
        if (filename === probeFile && eventType === 'rename') times += 1;
        if (times === 4) seen.resolve();
      }
    })().catch(() => undefined);
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    const patience = setTimeout(() => seen.reject(new Error('it was not created and removed twice')), 5_000);
    await seen.promise.finally(() => ended.abort());
    clearTimeout(patience);
    await watching;
    assert.equal(readdirSync(root), [markerName]);
  }));

test('prober: a question that does not write creates no file', () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    const names = new Set<string | null>();
    const last = Promise.withResolvers<void>();
    const watching = watchFolder(root, (_, name) => {
      names.add(name);
      if (name === 'last') last.resolve();
    });
    for (let time = 0; time < 3; time += 1) {
      const result = await prober.probe({ expectedMarker: first, writes: false });
      isKind(result, 'good');
      assert.equal([result.marker, result.isFull, (result.space.freeBytes ?? 0) > 0], [first, false, true]);
    }
    await writeFile(join(root, 'last'), '');
    await last.promise;
    watching.close();
    assert.equal([...names], ['last']);
  }));

test('prober: at a new destination a probe file is created, even for a question that does not write', () =>
  inFolder(async (prober, root) => {
    await mkdir(join(root, probeFile));
    await writeFile(join(root, `${probeFile}-2`), 'stale');
    isKind(await prober.probe({ writes: false }), 'unmarked');
    assert.equal(readdirSync(root), [probeFile]);
  }));

test('prober: its own stale probe file is removed first, that of another agent never', () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    await writeFile(join(root, probeFile), 'stale');
    await writeFile(join(root, '.sluice-probe-ffffffff'), '');
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    assert.equal(readdirSync(root).sort(), [markerName, '.sluice-probe-ffffffff']);
  }));

test('prober: a marker is not written if another mount is there now', () =>
  inFolder(async (prober, root) => {
    const unmarked = await prober.probe();
    isKind(unmarked, 'unmarked');
    if (unmarked.mount.mountId === null) return;
    const refused = await prober.markRefused(second, { ...unmarked, mount: { path: root, mountId: -1 } });
    assert.is(refused.code, 'REMOUNTED');
    for (let times = 0; times < 3; times += 1) isKind(await prober.probe(), 'unmarked');
    assert.is(await prober.mark(first, unmarked), first);
    assert.match(await readFile(join(root, markerName), 'utf8'), first);
  }));

test('prober: a missing root is unreachable and is never created', () =>
  inFolder(async (prober, root) => {
    await rm(root, { recursive: true });
    for (const writes of [true, false]) {
      const { finding } = await expectBad(prober, 'unreachable', 'ENOENT', first, writes);
      assert.equal(finding, { kind: 'call_failed', operation: 'open the folder' });
    }
    await expectBad(prober, 'unreachable', 'ENOENT', null);
    assert.not.ok(existsSync(root));
  }));

test('prober: a file in place of the root is reported as not a folder', () =>
  inFolder(async (prober, root) => {
    await rm(root, { recursive: true });
    await writeFile(root, 'x');
    const { finding } = await expectBad(prober, 'unreachable', 'ENOTDIR');
    assert.equal(finding, { kind: 'call_failed', operation: 'open the folder' });
    assert.is(await readFile(root, 'utf8'), 'x');
  }));

test('prober: a folder with another marker, or with none any more, is not the destination, and is left as it is', () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    for (const writes of [true, false]) {
      const differing = await expectBad(prober, 'not_the_destination', 'MARKER', second, writes);
      assert.equal(differing.finding, { kind: 'marker_differs', found: first, expected: second });
    }
    await rm(join(root, markerName));
    for (const writes of [true, false]) {
      const missing = await expectBad(prober, 'not_the_destination', 'MARKER', first, writes);
      assert.equal(missing.finding, { kind: 'marker_missing', expected: first });
    }
    assert.equal(readdirSync(root), []);
  }));

test('prober: an empty marker is unclear, whether one is known or not', () =>
  inFolder(async (prober, root) => {
    await writeFile(join(root, markerName), '');
    for (const expectedMarker of [first, null]) {
      const { finding } = await expectBad(prober, 'unknown', 'MARKER_UNCLEAR', expectedMarker);
      assert.equal(finding, { kind: 'marker_unclear', operation: 'read the marker' });
    }
    assert.is(await readFile(join(root, markerName), 'utf8'), '');
  }));

test('prober: without a guard only the folder has to answer', () =>
  inFolder(
    async (prober, root) => {
      const result = await prober.probe({ expectedMarker: first });
      isKind(result, 'good');
      assert.is(result.marker, null);
      assert.equal(readdirSync(root), []);
    },
    { route: { guard: 'none' } },
  ));

test('prober: if the path of a destination is a link, its target is the destination', () =>
  inFolder(async (_, root) => {
    await mkdir(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, 'link'));
    const prober = startProberChild(join(root, 'link'));
    await markAs(prober, first);
    await prober.end();
    assert.equal(readdirSync(join(root, 'real')), [markerName]);
  }));

test.run();
