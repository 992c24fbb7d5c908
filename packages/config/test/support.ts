import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@sluice/testkit';
import { type LoadInput, loadConfig } from '../src/load.ts';
import type { Surroundings } from '../src/locations/locations.ts';
import { ConfigError } from '../src/problems/problem.ts';
import type { Config } from '../src/routes/config.ts';

/** Returns a new empty folder, resolved. */
export function freshFolder(): string {
  return temporaryFolder('test');
}

/** A machine that has nothing but one home. */
export function around(folder: string, change: Partial<Surroundings> = {}): Surroundings {
  return { platform: 'linux', env: { HOME: path.join(folder, 'home') }, cwd: folder, executableDir: path.join(folder, 'bin'), ...change };
}

/** Writes a file and the folders above it. */
export function put(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

export const route = '[[route]]\nname = "a"\nsource = "src"\ndestination = "dst"\n';

/** Loads `sluice.toml` with this text. */
export async function load(text: string, input: Partial<LoadInput> = {}): Promise<Config> {
  const folder = freshFolder();
  put(path.join(folder, 'sluice.toml'), text);
  return loadConfig({ config: 'sluice.toml', around: around(folder), ...input });
}

/** Returns the message that a person sees. */
export async function complaint(loading: Promise<unknown>): Promise<string> {
  try {
    await loading;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
