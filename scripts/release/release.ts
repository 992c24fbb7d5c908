// npm run release -- [--tag v1.2.3] [--key FILE] [--check | --prepare] [--dist FOLDER]
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { cwd, env, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { version } from '../../apps/sluice/src/version.ts';
import { KitError } from '../kit/kit-error.ts';
import { namedKey } from '../kit/signing-key.ts';
import { makeRelease, prepareRelease } from './make-release.ts';
import { assertTag, notesOf } from './notes.ts';
import { ReleaseError } from './release-error.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    tag: { type: 'string', default: `v${version}` },
    key: { type: 'string' },
    check: { type: 'boolean', default: false },
    prepare: { type: 'boolean', default: false },
    dist: { type: 'string', default: join(root, 'dist') },
  },
});

try {
  assertTag(values.tag, version);
  const notes = notesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  if (values.check) stdout.write(`${values.tag} can be released\n`);
  else if (values.prepare)
    stdout.write(`${relative(cwd(), await prepareRelease(resolve(values.dist)))}: to be signed by scripts/release/sign.ts\n`);
  else await release(resolve(values.dist), notes);
} catch (error) {
  if (!(error instanceof ReleaseError) && !(error instanceof KitError)) throw error;
  stderr.write(`release: ${error.message}\n`);
  exit(1);
}

async function release(dist: string, notes: string): Promise<void> {
  const privateKey = namedKey({ file: values.key ?? env['SLUICE_SIGNING_KEY'], pem: env['SLUICE_SIGNING_KEY_PEM'] });
  if (privateKey === null) {
    throw new ReleaseError('no signing key is named, and a release is never signed by one that was made for it: --key FILE');
  }
  const { folder, files, fingerprint } = await makeRelease({ dist, privateKey });
  writeFileSync(join(dist, 'release-notes.md'), notes);
  for (const file of files) stdout.write(`${relative(cwd(), join(folder, file))}\n`);
  stdout.write(`signed by the key  ${fingerprint}\n`);
}
