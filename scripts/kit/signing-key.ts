import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KitError } from './kit-error.ts';

/** A key that signs kits. */
export interface SigningKey {
  /** PKCS #8, PEM. */
  readonly pem: string;
  /** Warnings about the key for the person who makes the kit. */
  readonly loudly: readonly string[];
}

/**
 * Returns the key that signs kits: the named one, else one that belongs to this checkout and is created the first time.
 * @param named the path of a PEM file
 * @throws KitError if it cannot be read, or is not for Ed25519
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
    'Anyone who has that file can make kits that your machines accept as yours,',
    'and without it your machines refuse your next one. Keep it, somewhere',
    'else than here, and name it: npm run kit -- --key FILE',
    '************************************************************************',
  ];
  return { pem: readKey(file), loudly };
}

/** Where a key is: a file, or its text, which is how a forge passes secrets. */
export interface KeySource {
  readonly file: string | undefined;
  readonly pem: string | undefined;
}

/**
 * Returns the key that is named. It never creates one.
 * @returns null if none is named
 * @throws KitError if it cannot be read, or is not for Ed25519
 */
export function namedKey({ file, pem }: KeySource): string | null {
  if (file !== undefined && file !== '') return readKey(file);
  return pem === undefined || pem === '' ? null : checkedKey(pem, 'SLUICE_SIGNING_KEY_PEM');
}

function readKey(file: string): string {
  return checkedKey(readText(file), file);
}

/** @param whence where the key comes from */
function checkedKey(pem: string, whence: string): string {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'ed25519') return pem;
  } catch {
    throw new KitError(`${whence} is not a private key in PEM, or has a passphrase: openssl genpkey -algorithm ed25519 makes one`);
  }
  throw new KitError(`${whence} is not a key for Ed25519: openssl genpkey -algorithm ed25519 makes one`);
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
