import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, chownSync, constants, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { makeKit } from '../../scripts/kit/make-kit.ts';
import { fileName, findTarget, thisMachine } from '../../scripts/package/targets.ts';
import { executable, type Ran, runBare } from './support.ts';

/** An unprivileged user. A test that root runs must not install anything on this machine. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** The name of this machine's executable in a kit. */
export const executableName = fileName(findTarget(thisMachine()));

/** Creates a folder for kits, sticks and homes, which an ordinary user can read. */
export function kitFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'sluice-kits-'));
  chmodSync(root, 0o755);
  return root;
}

/** Returns a new private key, as PEM. */
export function privateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Makes a kit with the real executable of this machine. @returns its folder */
export async function realKit(dist: string, key: string): Promise<string> {
  mkdirSync(dist, { recursive: true });
  copyFileSync(await executable(), join(dist, executableName), constants.COPYFILE_FICLONE);
  return (await makeKit({ dist, privateKey: key })).folder;
}

/** Copies a kit to a folder with a difficult name. */
export function stickOf(kit: string, root: string): string {
  const stick = join(mkdtempSync(join(root, "stick of o'Neill ")), 'sluice kit');
  chmodSync(join(stick, '..'), 0o755);
  cpSync(kit, stick, { recursive: true });
  return stick;
}

/** Creates a home for an ordinary user. */
export function freshHome(root: string): string {
  const home = mkdtempSync(join(root, 'home '));
  if (isRoot) chownSync(home, nobody, nobody);
  return home;
}

/** Runs a program as an ordinary user, with only a home and a PATH in its environment. */
export function asUser(home: string, command: string, args: readonly string[]): Promise<Ran> {
  const who = isRoot ? { uid: nobody, gid: nobody } : {};
  return runBare(command, args, { cwd: home, env: { HOME: home, PATH: '/usr/bin:/bin:/usr/sbin:/sbin', TMPDIR: home }, ...who });
}

/** Removes a folder, whatever its modes. */
export function remove(root: string): void {
  rmSync(root, { recursive: true, force: true });
}
