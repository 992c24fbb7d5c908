import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kitAround } from '@sluice/kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertNotOnStick } from '../../src/commands/base/stick.ts';

const kit = mkdtempSync(join(tmpdir(), 'sluice-stick-'));
const bin = join(kit, 'bin');
mkdirSync(bin);
test.after(() => rmSync(kit, { recursive: true, force: true }));

test('kitAround: a folder "bin" alone is not a kit; with any file of a kit it is one', () => {
  assert.is(kitAround(bin), null);
  for (const name of ['CHECKSUMS.sig', 'SIGNING-KEY.pub', 'sluice.cdx.json']) {
    writeFileSync(join(kit, name), '');
    assert.is(kitAround(bin), kit, name);
    rmSync(join(kit, name));
  }
});

test('assertNotOnStick: names the installer for the system, unless --portable is given', () => {
  writeFileSync(join(kit, 'CHECKSUMS.sig'), '');
  const on = (platform: NodeJS.Platform, executableDir: string | null = bin) => ({ platform, executableDir });
  assert.throws(() => assertNotOnStick({}, on('linux')), `run sh '${join(kit, 'install.sh')}'`);
  assert.throws(() => assertNotOnStick({}, on('win32')), 'install.cmd');
  assert.not.throws(() => assertNotOnStick({ portable: true }, on('linux')));
  assert.not.throws(() => assertNotOnStick({}, on('linux', kit)));
  assert.not.throws(() => assertNotOnStick({}, on('linux', null)));
});

test.run();
