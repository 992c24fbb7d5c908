import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The checksums of every file of the kit except this one and its signature, in the format of sha256sum. */
export const checksumsName = 'CHECKSUMS';
/** The Ed25519 signature of the bytes of `CHECKSUMS`, in base64. */
export const signatureName = 'CHECKSUMS.sig';
/** The public key as PEM. The key of an earlier installation is kept under this name too. */
export const keyName = 'SIGNING-KEY.pub';
/** The list of components, in the format of CycloneDX 1.6 as JSON. */
export const componentsName = 'sluice.cdx.json';
/** The folder of the executables. */
export const executablesFolder = 'bin';

/** Any one of these files identifies a kit, so that a damaged one is recognized too. */
const identifying = [signatureName, keyName, componentsName];

/**
 * Returns the kit that contains an executable: a folder for a USB stick, to install from.
 * @param executableDir the folder of the executable; null in a checkout
 * @returns null if it does not lie in a kit
 */
export function kitAround(executableDir: string | null): string | null {
  if (executableDir === null || basename(executableDir) !== executablesFolder) return null;
  const folder = dirname(executableDir);
  return identifying.some((name) => existsSync(join(folder, name))) ? folder : null;
}

/** One line of `CHECKSUMS`. */
export interface Checksum {
  /** The path below the kit, with `/`. */
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** No name begins with a dot, so nothing leads out of the kit, and no file has a name that systems leave on sticks. */
const line = /^([0-9a-f]{64}) {2}((?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)$/;

/**
 * Returns the text of `CHECKSUMS` in the form that `sha256sum -c` reads, sorted by path, so that the same files always give the
 * same text.
 */
export function checksumsText(checksums: readonly Checksum[]): string {
  const sorted = checksums.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}

/** @returns null if the text is not exactly what `checksumsText` makes */
export function parseChecksums(text: string): readonly Checksum[] | null {
  const found: Checksum[] = [];
  for (const each of text.split('\n').slice(0, -1)) {
    const [, sha256, path] = line.exec(each) ?? [];
    if (sha256 === undefined || path === undefined || found.some((other) => other.path === path)) return null;
    found.push({ path, sha256 });
  }
  return found.length > 0 && checksumsText(found) === text ? found : null;
}
