import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** sha256sum's format: every file of the kit but this one and its signature. */
export const checksumsName = 'CHECKSUMS';
/** Ed25519 over the bytes of `CHECKSUMS`, in base64. */
export const signatureName = 'CHECKSUMS.sig';
/** The public key as PEM; also how the key of an earlier installation is remembered. */
export const keyName = 'SIGNING-KEY.pub';
export const componentsName = 'sluice.cdx.json';
export const executablesFolder = 'bin';

/** Any of them tells a kit, so that a damaged one is known too. */
const telling = [signatureName, keyName, componentsName];

/**
 * The kit that an executable lies in: a folder for a USB stick, to install from.
 *
 * @param executableDir the folder of the executable; null in a checkout
 * @returns null where it lies in none
 */
export function kitAround(executableDir: string | null): string | null {
  if (executableDir === null || basename(executableDir) !== executablesFolder) return null;
  const folder = dirname(executableDir);
  return telling.some((name) => existsSync(join(folder, name))) ? folder : null;
}
