import { createPublicKey } from 'node:crypto';
import { chmodSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, sha256Of } from '../../packages/kit/src/contents.ts';
import { checksumsName, checksumsText, executablesFolder, keyName, signatureName } from '../../packages/kit/src/layout.ts';
import { fingerprint, signed } from '../../packages/kit/src/signature.ts';

/** Some archives and sticks cannot store an earlier time. */
const everyFilesTime = new Date('2000-01-01T00:00:00Z');
/** The files that sealing writes. They are not in the list of checksums. */
const seals: readonly string[] = [checksumsName, signatureName];

/**
 * Puts the key, the checksums of all files, and their signature into a kit. Only Node's own modules may be loaded in a process
 * that has a key, so this file and what it imports use no dependency.
 * @param privateKey PKCS #8, PEM, Ed25519
 * @returns the fingerprint of the key
 */
export async function sealKit(kit: string, privateKey: string): Promise<string> {
  const key = createPublicKey(privateKey);
  writeFileSync(join(kit, keyName), key.export({ type: 'spki', format: 'pem' }));
  const files = contentsOf(kit).files.filter((path) => !seals.includes(path));
  const checksums = await Promise.all(files.map(async (path) => ({ path, sha256: await sha256Of(join(kit, path)) })));
  writeFileSync(join(kit, checksumsName), checksumsText(checksums));
  writeFileSync(join(kit, signatureName), signed(readFileSync(join(kit, checksumsName)), privateKey));
  settle(kit);
  return fingerprint(key);
}

/** Sets modes and times, the same on every machine and at every time. */
function settle(kit: string): void {
  for (const path of contentsOf(kit).files) {
    chmodSync(join(kit, path), path.startsWith(`${executablesFolder}/`) || path.endsWith('.sh') ? 0o755 : 0o644);
    utimesSync(join(kit, path), everyFilesTime, everyFilesTime);
  }
  for (const folder of [join(kit, executablesFolder), kit]) {
    chmodSync(folder, 0o755);
    utimesSync(folder, everyFilesTime, everyFilesTime);
  }
}
