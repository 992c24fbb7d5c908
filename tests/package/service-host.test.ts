// timeout: 300s
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileServiceHost } from '../../scripts/package/service-host.ts';
import { findTarget } from '../../scripts/package/targets.ts';
import { zigFolder } from '../../scripts/package/zig.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-host-'));
test.after(() => rmSync(root, { recursive: true }));

test('the service host: the same bytes each time, and it imports only two libraries of Windows', async () => {
  const compiler = await zigFolder(join(import.meta.dirname, '../../dist/cache'));
  const made: Buffer[] = [];
  for (const name of ['first', 'second']) {
    const path = join(root, `${name}.exe`);
    await compileServiceHost(findTarget('win-x64'), compiler, join(root, name), path);
    made.push(readFileSync(path));
  }
  const [first = Buffer.alloc(0), second] = made;
  assert.equal(first, second);
  const asked = first.toString('latin1').match(/[\w-]+\.dll/gi) ?? [];
  assert.equal([...new Set(asked.map((name) => name.toLowerCase()))].sort(), ['advapi32.dll', 'kernel32.dll']);
  // A C library would make it larger.
  assert.ok(first.length < 20_000, `${first.length} bytes`);
});

test.run();
