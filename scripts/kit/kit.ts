// npm run kit -- [--key FILE] [--dist FOLDER]
import { join, relative, resolve } from 'node:path';
import { cwd, env, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { KitError } from './kit-error.ts';
import { makeKit } from './make-kit.ts';
import { signingKey } from './signing-key.ts';

const { values } = parseArgs({
  options: {
    key: { type: 'string' },
    dist: { type: 'string', default: join(import.meta.dirname, '../../dist') },
  },
});

try {
  const dist = resolve(values.dist);
  const key = signingKey(values.key ?? env['SLUICE_SIGNING_KEY'], dist);
  for (const line of key.loudly) stderr.write(`${line}\n`);
  const { folder, missing, fingerprint } = await makeKit({ dist, privateKey: key.pem });
  for (const name of missing) stdout.write(`not in the kit, as it is not in ${relative(cwd(), dist) || '.'}: ${name}\n`);
  stdout.write(`${relative(cwd(), folder)}: copy this folder onto a stick\nsigned by the key  ${fingerprint}\n`);
} catch (error) {
  if (!(error instanceof KitError)) throw error;
  stderr.write(`kit: ${error.message}\n`);
  exit(1);
}
