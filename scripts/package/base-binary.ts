import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryPackage } from './integrity.ts';
import { packageFolder } from './registry-package.ts';

/**
 * Returns the official Node binary of a package.
 * @param keep the folder of earlier downloads
 * @returns the path of the binary
 * @throws Error if it is not available, or differs from the lock file
 */
export async function baseBinary(of: RegistryPackage, keep: string): Promise<string> {
  const folder = await packageFolder(of, keep, ['bin', 'package.json']);
  const found = ['node', 'node.exe'].map((name) => join(folder, 'bin', name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no Node in ${folder}`);
  return found;
}
