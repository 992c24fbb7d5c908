import { readdirSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../system-calls.ts';
import { isUnder, type Mount, unescapeOctal } from './mountinfo.ts';

const wellKnownFolders = ['/mnt', '/media', '/run/media', '/Volumes'] as const;

/**
 * Where an administrator puts units, and where systemd-mount(1) writes them. The vendor's units are left out, because they name
 * `/tmp` and similar folders.
 */
const unitFolders = ['etc/systemd/system', 'run/systemd/system', 'run/systemd/transient'] as const;

/**
 * Returns the folders where something should be mounted: the well-known ones, and those of fstab(5) and systemd.mount(5)
 * units.
 * @param system the folder that contains `etc` and `run`
 */
export function readMountFolders(system = '/'): readonly string[] {
  const named = [
    ...fstabFolders(readText(join(system, 'etc/fstab')) ?? ''),
    ...unitFolders.flatMap((each) => mountUnitFolders(join(system, each))),
  ];
  return [...wellKnownFolders, ...named.map(withoutSlash).filter((folder) => folder !== '')];
}

function fstabFolders(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const point = line.trim().startsWith('#') ? undefined : line.trim().split(/\s+/)[1];
    return point?.startsWith('/') === true ? [unescapeOctal(point)] : [];
  });
}

function mountUnitFolders(folder: string): readonly string[] {
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.mount') || name.endsWith('.automount'));
  } catch {
    return [];
  }
  return names.flatMap((name) => /^\s*Where\s*=\s*(\/.*?)\s*$/m.exec(readText(join(folder, name)) ?? '')?.[1] ?? []);
}

/** Makes the empty string of `/`, which is never a mount folder: everything lies under it. */
function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** A folder: its path, its path with all links followed, and its mount. Null: the system lists no mounts. */
export interface MountedFolder {
  readonly path: string;
  readonly realPath: string;
  readonly mount: Mount | null;
}

/**
 * Returns the mount folder that a folder lies under while nothing is mounted in it, or null. It accesses only the folder and those
 * above it.
 * @throws the errno of a call that failed
 */
export async function emptyMountFolderOf(
  folder: MountedFolder,
  mountFolders: readonly string[] = readMountFolders(),
): Promise<string | null> {
  const { path, realPath, mount } = folder;
  if (mount?.fsType === 'autofs') return mount.mountPoint;
  // A link may lead to the mount folder, as one may lead to the folder. The mount then has the name that the link leads to.
  const named = mountFolders.filter((each) => isUnder(path, each) && path !== realPath);
  const resolved = await Promise.all(named.map((each) => realpath(each)));
  for (const mountFolder of [...mountFolders, ...resolved]) {
    if (isUnder(realPath, mountFolder) && !(await isMountedIn(mountFolder, folder))) return mountFolder;
  }
  return null;
}

async function isMountedIn(mountFolder: string, { realPath, mount }: MountedFolder): Promise<boolean> {
  if (mount !== null) return isUnder(mount.mountPoint, mountFolder);
  // If the system lists no mounts, a mount below a mount folder is recognized by its device.
  return (await stat(mountFolder)).dev !== (await stat(realPath)).dev;
}
