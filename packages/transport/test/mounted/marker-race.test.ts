// group: storage
// real: eight processes race for one name

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { markerName } from '@sluice/core/marker';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mountedFolder } from '../../src/mounted/folder.ts';
import { readMarker } from '../../src/mounted/marker.ts';
import { claim } from '../support/marker-folder.ts';

const markers = Array.from({ length: 8 }, (_, index) => `${String(index).repeat(8)}-1111-4111-8111-111111111111`);
const program = fileURLToPath(new URL('../support/marker-main.ts', import.meta.url));

/** A process that does not end fails the test after this time instead of hanging it. */
const timeoutMs = 20_000;

/** Eight processes, all ready before any of them begins. @returns what each found in the end */
async function race(root: string, links: 'refused' | 'allowed'): Promise<readonly string[]> {
  const racers = markers.map((marker, index) => {
    const child = spawn(execPath, [program, root, marker, String(index).repeat(8), links], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8');
    setTimeout(() => child.kill('SIGKILL'), timeoutMs).unref();
    return child;
  });
  await Promise.all(racers.map((child) => once(child.stdout, 'data')));
  const reported = racers.map(finalWord);
  for (const child of racers) child.stdin.write('go\n');
  return await Promise.all(reported);
}

async function finalWord(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdout?.on('data', (text: string) => (said += text));
  await once(child, 'close');
  return said.trim();
}

claim('writeMarker: of eight processes at once, one writes its marker and all others adopt it', async (root) => {
  const reported = await race(root, 'allowed');
  const there = await readMarker(mountedFolder(root));
  assert.is(there.kind, 'found');
  if (there.kind !== 'found') return;
  assert.ok(markers.includes(there.marker));
  assert.equal(
    reported,
    markers.map(() => there.marker),
  );
  assert.equal(readdirSync(root), [markerName]);
});

claim('writeMarker: of eight processes at once, with links refused, each returns the marker that is there or null', async (root) => {
  const reported = await race(root, 'refused');
  const there = await readMarker(mountedFolder(root));
  assert.is(there.kind, 'found');
  if (there.kind !== 'found') return;
  assert.equal(
    reported.filter((word) => word !== there.marker && word !== 'none'),
    [],
  );
  assert.ok(reported.includes(there.marker));
  assert.equal(readdirSync(root), [markerName]);
});

test.run();
