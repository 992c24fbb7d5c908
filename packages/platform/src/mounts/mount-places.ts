import { readdirSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../system-calls.ts';
import { isUnder, type Mount, unescapeOctal } from './mountinfo.ts';

const wellKnownPlaces = ['/mnt', '/media', '/run/media', '/Volumes'] as const;

/** Where an administrator puts units, and where systemd-mount(1) has them put. Those of the vendor name `/tmp` and its like. */
const unitFolders = ['etc/systemd/system', 'run/systemd/system', 'run/systemd/transient'] as const;

/**
 * Folders where something is meant to be mounted: the well-known ones, fstab(5), systemd.mount(5) units.
 *
 * @param system the folder in which `etc` and `run` are
 */
export function readMountPlaces(system = '/'): readonly string[] {
  const named = [
    ...fstabPlaces(readText(join(system, 'etc/fstab')) ?? ''),
    ...unitFolders.flatMap((each) => unitPlaces(join(system, each))),
  ];
  return [...wellKnownPlaces, ...named.map(withoutSlash).filter((place) => place !== '')];
}

function fstabPlaces(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const point = line.trim().startsWith('#') ? undefined : line.trim().split(/\s+/)[1];
    return point?.startsWith('/') === true ? [unescapeOctal(point)] : [];
  });
}

function unitPlaces(folder: string): readonly string[] {
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.mount') || name.endsWith('.automount'));
  } catch {
    return [];
  }
  return names.flatMap((name) => /^\s*Where\s*=\s*(\/.*?)\s*$/m.exec(readText(join(folder, name)) ?? '')?.[1] ?? []);
}

/** `/` itself is no place for mounts: everything lies under it. */
function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** A folder, as it is named and where its links lead, and the mount it lies on; null where the system names no mounts. */
export interface Placed {
  readonly path: string;
  readonly realPath: string;
  readonly mount: Mount | null;
}

/**
 * The place for mounts that a folder lies under while nothing is mounted there; null where there is none. Touches
 * nothing but the folder and those above it.
 *
 * @throws the errno of what could not be asked
 */
export async function emptyPlaceOf(placed: Placed, places: readonly string[] = readMountPlaces()): Promise<string | null> {
  const { path, realPath, mount } = placed;
  if (mount?.fsType === 'autofs') return mount.mountPoint;
  // A place may be named by a link that leads to it, as the folder may: then the mount has the name it leads to.
  const named = places.filter((each) => isUnder(path, each) && path !== realPath);
  const resolved = await Promise.all(named.map((each) => realpath(each)));
  for (const place of [...places, ...resolved]) {
    if (isUnder(realPath, place) && !(await isMountedIn(place, placed))) return place;
  }
  return null;
}

async function isMountedIn(place: string, { realPath, mount }: Placed): Promise<boolean> {
  if (mount !== null) return isUnder(mount.mountPoint, place);
  // Where no mounts are named, what is mounted below a place has another device.
  return (await stat(place)).dev !== (await stat(realPath)).dev;
}
