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

/** Any of them identifies a kit, so that a damaged one is known too. */
const identifying = [signatureName, keyName, componentsName];

/**
 * The kit that an executable lies in: a folder for a USB stick, to install from.
 *
 * @param executableDir the folder of the executable; null in a checkout
 * @returns null where it lies in none
 */
export function kitAround(executableDir: string | null): string | null {
  if (executableDir === null || basename(executableDir) !== executablesFolder) return null;
  const folder = dirname(executableDir);
  return identifying.some((name) => existsSync(join(folder, name))) ? folder : null;
}

/** One line of `CHECKSUMS`. */
export interface Checksum {
  /** Below the kit, with `/`. */
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** No name begins with a dot: nothing leads out of the kit, and nothing is named like what systems leave on sticks. */
const line = /^([0-9a-f]{64}) {2}((?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)$/;

/** As `sha256sum -c` reads it, sorted by path, so that the same files always give the same text. */
export function checksumsText(checksums: readonly Checksum[]): string {
  const sorted = checksums.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}

/** @returns null where the text is not exactly what `checksumsText` makes */
export function parseChecksums(text: string): readonly Checksum[] | null {
  const found: Checksum[] = [];
  for (const each of text.split('\n').slice(0, -1)) {
    const [, sha256, path] = line.exec(each) ?? [];
    if (sha256 === undefined || path === undefined || found.some((other) => other.path === path)) return null;
    found.push({ path, sha256 });
  }
  return found.length > 0 && checksumsText(found) === text ? found : null;
}
