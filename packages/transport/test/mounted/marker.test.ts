import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markerName } from '@sluice/core/marker';
import { mountIdOfPath } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mountedFolder } from '../../src/mounted/folder.ts';
import { type MarkerFound, MarkerRefused, readMarker, rehearseMarker, writeMarker } from '../../src/mounted/marker.ts';
import type { OpenFile, OpenHow } from '../../src/storage/storage.ts';
import { withCalls } from '../support/faults.ts';
import { agentId, claim, codeOfFailure, first, linksFail, orderFor, second, withoutLinks } from '../support/marker-folder.ts';

const readIn = (root: string): Promise<MarkerFound> => readMarker(mountedFolder(root));
const found = (marker: string): MarkerFound => ({ kind: 'found', marker });

for (const [what, text, expected] of [
  ['a whole one is found', `Please do not delete it.\n${first}\n`, found(first)],
  ['one with the line ends of Windows is found', `Please do not delete it.\r\n${first}\r\n`, found(first)],
  ['the bare identifier is enough', `${first}\n`, found(first)],
  ['an empty one is unclear', '', { kind: 'unclear' }],
  ['a sentence without an identifier is unclear', 'Please do not delete it.\n', { kind: 'unclear' }],
  ['an identifier cut short is unclear', `x\n${first.slice(0, 30)}`, { kind: 'unclear' }],
  ['one without its last line end is unclear', `x\n${first}`, { kind: 'unclear' }],
  ['one that is much too long is unclear', `${first}\n${'x'.repeat(5_000)}\n`, { kind: 'unclear' }],
] as const satisfies readonly (readonly [string, string, MarkerFound])[]) {
  claim(`readMarker: ${what}`, async (root) => {
    await writeFile(join(root, markerName), text);
    assert.equal(await readIn(root), expected);
  });
}

claim('readMarker: none if the name is free; unclear if it is a folder or a link', async (root) => {
  assert.equal(await readIn(root), { kind: 'none' });
  await mkdir(join(root, markerName));
  assert.equal(await readIn(root), { kind: 'unclear' });
  await rm(join(root, markerName), { recursive: true });
  await writeFile(join(root, 'x'), `${first}\n`);
  await symlink('x', join(root, markerName));
  assert.equal(await readIn(root), { kind: 'unclear' });
});

claim('readMarker: of an endless file only so much is read that it cannot be a marker', async (root) => {
  const path = join(root, markerName);
  await writeFile(path, `${first}\n`);
  await truncate(path, 1_000_000_000);
  const storage = mountedFolder(root);
  let bytes = 0;
  const open = async (name: string, how: OpenHow): Promise<OpenFile> => {
    const file = await storage.open(name, how);
    const read = async (into: Uint8Array, at: number): Promise<number> => {
      const count = await file.read(into, at);
      bytes += count;
      return count;
    };
    return withCalls(file, { read });
  };
  assert.equal(await readMarker({ open }), { kind: 'unclear' });
  assert.ok(bytes < 10_000, String(bytes));
});

claim('readMarker: none if the root is missing', async (root) => {
  assert.equal(await readIn(join(root, 'missing')), { kind: 'none' });
});

for (const [how, storageOf] of [
  ['by link', mountedFolder],
  ['where links are refused', withoutLinks],
] as const) {
  claim(`writeMarker ${how}: the marker is found, with a request not to delete it, and no other file is left`, async (root) => {
    assert.is(await writeMarker(orderFor(root), storageOf(root)), first);
    assert.equal(await readIn(root), found(first));
    assert.match(readFileSync(join(root, markerName), 'utf8'), 'Please do not delete it.');
    assert.equal(readdirSync(root), [markerName]);
  });

  claim(`writeMarker ${how}: an existing marker is adopted and not changed`, async (root) => {
    const text = `made by hand\n${second}\n`;
    await writeFile(join(root, markerName), text);
    assert.is(await writeMarker(orderFor(root), storageOf(root)), second);
    assert.is(readFileSync(join(root, markerName), 'utf8'), text);
    assert.equal(readdirSync(root), [markerName]);
  });

  claim(`writeMarker ${how}: a marker that is still being written is left alone, and the result is null`, async (root) => {
    await writeFile(join(root, markerName), '');
    assert.is(await writeMarker(orderFor(root), storageOf(root)), null);
    assert.is(readFileSync(join(root, markerName), 'utf8'), '');
    assert.equal(readdirSync(root), [markerName]);
  });

  claim(`writeMarker ${how}: temporary files of this agent are removed, those of another agent are not`, async (root) => {
    const others = `${markerName}-ffffffff-01234567`;
    await writeFile(join(root, `${markerName}-${agentId}-01234567`), 'half');
    await writeFile(join(root, others), 'half');
    assert.is(await writeMarker(orderFor(root), storageOf(root)), first);
    assert.equal(readdirSync(root).sort(), [markerName, others]);
  });

  claim(`writeMarker ${how}: a folder of another user under a temporary name of this agent does not prevent the marker`, async (root) => {
    await mkdir(join(root, `${markerName}-${agentId}-x`));
    assert.is(await writeMarker(orderFor(root), storageOf(root)), first);
    assert.equal(await readIn(root), found(first));
  });

  claim(`writeMarker ${how}: the root is never created`, async (root) => {
    await rm(root, { recursive: true });
    assert.is(await codeOfFailure(writeMarker(orderFor(root), storageOf(root))), 'ENOENT');
    assert.not.ok(readdirSync(tmpdir()).some((name) => root.endsWith(`/${name}`)));
  });

  claim(`writeMarker ${how}: leaves nothing if it has to end, at whatever call`, async (root) => {
    for (let calls = 0; calls < 2; calls += 1) {
      let left = calls;
      const mayGoOn = (): boolean => left-- > 0;
      assert.is(await codeOfFailure(writeMarker(orderFor(root, { mayGoOn }), storageOf(root))), 'ENDED');
      assert.equal(readdirSync(root), []);
    }
  });

  claim(`writeMarker ${how}: a folder that is on another mount now gets no marker`, async (root) => {
    if (mountIdOfPath(root) === null) return;
    const mount = { path: root, mountId: -1 };
    assert.is(await codeOfFailure(writeMarker(orderFor(root, { mount }), storageOf(root))), 'REMOUNTED');
    assert.equal(readdirSync(root), []);
  });
}

for (const code of ['EIO', 'ENOENT', 'EXDEV', 'EPERM', 'UNKNOWN']) {
  claim(`writeMarker: if a link is refused with ${code}, the marker is created under its final name`, async (root) => {
    assert.is(await writeMarker(orderFor(root), linksFail(root, code)), first);
    assert.equal(await readIn(root), found(first));
    assert.equal(readdirSync(root), [markerName]);
  });
}

claim('writeMarker: the error names the failed call, with both errors, and no file is left', async (root) => {
  // The name cannot be created either.
  const failing = linksFail(root, 'EIO', () => rmSync(root, { recursive: true }));
  const failure = await writeMarker(orderFor(root), failing).catch((error: unknown) => error);
  assert.instance(failure, MarkerRefused);
  assert.equal([(failure as MarkerRefused).operation, (failure as MarkerRefused).code], ['link: EIO, then create', 'ENOENT']);
});

claim('rehearseMarker: makes the same calls, leaves no file, and finds the same refusals', async (root) => {
  await rehearseMarker(orderFor(root));
  await rehearseMarker(orderFor(root), linksFail(root, 'EIO'));
  assert.equal(readdirSync(root), []);
  await rm(root, { recursive: true });
  const failure = await rehearseMarker(orderFor(root)).catch((error: unknown) => error);
  assert.equal([(failure as MarkerRefused).operation, (failure as MarkerRefused).code], ['create', 'ENOENT']);
});

test.run();
