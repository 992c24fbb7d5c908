import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checksumsText } from '../src/layout.ts';
import { signed } from '../src/signature.ts';

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function keyPair(): KeyPair {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

const contents: Readonly<Record<string, string>> = {
  'INSTALL.txt': 'how to\n',
  'bin/sluice-linux-x64': 'an executable',
  'bin/sluice-win-x64.exe': 'another one',
  'install.sh': '#!/bin/sh\n',
};

/**
 * Makes a kit of small files.
 * @param names the files in addition to the key
 * @returns the files of the kit
 */
export function layKit(folder: string, key: KeyPair, names: readonly string[] = Object.keys(contents)): readonly string[] {
  const texts = names.map((name) => [name, contents[name] ?? ''] as const);
  const files = Object.fromEntries(
    [...texts, ['SIGNING-KEY.pub', key.publicKey] as const].sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  seal(folder, Object.keys(files), key);
  return [...Object.keys(files), 'CHECKSUMS', 'CHECKSUMS.sig'];
}

export function seal(folder: string, paths: readonly string[], key: KeyPair): void {
  const sha256 = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex');
  const text = checksumsText(paths.map((path) => ({ path, sha256: sha256(path) })));
  writeFileSync(join(folder, 'CHECKSUMS'), text);
  writeFileSync(join(folder, 'CHECKSUMS.sig'), signed(Buffer.from(text), key.privateKey));
}
