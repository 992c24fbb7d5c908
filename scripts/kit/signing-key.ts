import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KitError } from './kit-error.ts';

export interface SigningKey {
  /** PKCS #8, PEM. */
  readonly pem: string;
  /** What whoever makes the kit has to know about the key. */
  readonly loudly: readonly string[];
}

/**
 * The key that kits are signed with: the named one, else one of this checkout alone, which is made the first time.
 *
 * @param named the path of a PEM file
 * @throws KitError where it cannot be read, or is none for Ed25519
 */
export function signingKey(named: string | undefined, dist: string): SigningKey {
  if (named !== undefined && named !== '') return { pem: readKey(named), loudly: [] };
  const file = join(dist, 'kit-signing-key.pem');
  const isNew = !existsSync(file);
  if (isNew) makeKey(file);
  const loudly = [
    '************************************************************************',
    isNew ? 'NO SIGNING KEY WAS NAMED, SO ONE WAS MADE for this checkout:' : 'NO SIGNING KEY WAS NAMED: the one of this checkout signs:',
    `  ${file}`,
    'Whoever has that file can make kits that your machines take for yours,',
    'and without it your machines refuse your next one. Keep it, somewhere',
    'else than here, and name it: npm run kit -- --key FILE',
    '************************************************************************',
  ];
  return { pem: readKey(file), loudly };
}

function readKey(file: string): string {
  const pem = readText(file);
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'ed25519') return pem;
  } catch {
    throw new KitError(`${file} is no private key in PEM, or one with a passphrase: openssl genpkey -algorithm ed25519 makes one`);
  }
  throw new KitError(`${file} is no key for Ed25519: openssl genpkey -algorithm ed25519 makes one`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new KitError(`cannot read the signing key ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
}
