import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryPackage } from './integrity.ts';
import { packageFolder } from './registry-package.ts';

/**
 * The official Node binary of a package.
 *
 * @param keep the folder of what was fetched before
 * @returns the path of the binary
 * @throws Error where it cannot be had, or is not what the lock file says
 */
export async function baseBinary(of: RegistryPackage, keep: string): Promise<string> {
  const folder = await packageFolder(of, keep, ['bin', 'package.json']);
  const found = ['node', 'node.exe'].map((name) => join(folder, 'bin', name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no Node in ${folder}`);
  return found;
}
