// node scripts/release/sign.ts [--tag v1.2.3] [--key FILE] [--dist FOLDER]
// The step that has the key. Run by Node alone, before anything was installed: it imports no dependency.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { cwd, env, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { version } from '../../apps/sluice/src/version.ts';
import { KitError } from '../kit/kit-error.ts';
import { namedKey } from '../kit/signing-key.ts';
import { assertTag, notesOf } from './notes.ts';
import { ReleaseError } from './release-error.ts';
import { signRelease } from './sign-release.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    tag: { type: 'string', default: `v${version}` },
    key: { type: 'string' },
    dist: { type: 'string', default: join(root, 'dist') },
  },
});

try {
  assertTag(values.tag, version);
  const notes = notesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  const privateKey = namedKey({ file: values.key ?? env['SLUICE_SIGNING_KEY'], pem: env['SLUICE_SIGNING_KEY_PEM'] });
  if (privateKey === null) throw new ReleaseError('no signing key is named: --key FILE, or SLUICE_SIGNING_KEY_PEM');
  // The programs that this one starts do not need it.
  delete env['SLUICE_SIGNING_KEY_PEM'];
  const { folder, files, fingerprint } = await signRelease({ dist: resolve(values.dist), privateKey });
  writeFileSync(join(folder, '..', 'release-notes.md'), notes);
  for (const file of files) stdout.write(`${relative(cwd(), join(folder, file))}\n`);
  stdout.write(`signed by the key  ${fingerprint}\n`);
} catch (error) {
  if (!(error instanceof ReleaseError) && !(error instanceof KitError)) throw error;
  stderr.write(`sign: ${error.message}\n`);
  exit(1);
}
