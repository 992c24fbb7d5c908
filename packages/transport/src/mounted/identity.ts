import { readdirSync, readFileSync } from 'node:fs';
import { isUnder, type Mount, mountOf } from '@sluice/core';
import { type MarkerFound, markerName } from './marker.ts';

/** What is known and asked of a destination's identity. */
export interface IdentityQuestion {
  readonly path: string;
  readonly expectedMarker: string | null;
  readonly plainFolderMeant: boolean;
  readonly found: MarkerFound;
  readonly mounts: readonly Mount[];
  readonly mountPlaces: readonly string[];
}

/** Whether it is the destination we know. `strange` carries the two sentences. */
export type Identity =
  | { readonly kind: 'known'; readonly marker: string }
  | { readonly kind: 'unmarked' }
  | { readonly kind: 'ask_again' }
  | { readonly kind: 'strange'; readonly operator: string; readonly technical: string };

export function judgeIdentity(question: IdentityQuestion): Identity {
  const { expectedMarker, found, path } = question;
  if (found.kind === 'unclear') return { kind: 'ask_again' };
  if (found.kind === 'found') {
    if (expectedMarker === null || found.marker === expectedMarker) return { kind: 'known', marker: found.marker };
    return {
      kind: 'strange',
      operator: `WRONG DISK: ${path} is not the destination it was; mount the right one, or adopt this one`,
      technical: `${markerName} holds ${found.marker}, expected ${expectedMarker}`,
    };
  }
  if (expectedMarker !== null) {
    return {
      kind: 'strange',
      operator: `WRONG DISK: ${path} does not hold what Sluice left there; is the share mounted?`,
      technical: `${markerName} is missing, expected ${expectedMarker}`,
    };
  }
  return question.plainFolderMeant ? { kind: 'unmarked' } : judgeNewFolder(question);
}

function judgeNewFolder({ path, mounts, mountPlaces }: IdentityQuestion): Identity {
  const place = mountPlaces.find((each) => isUnder(path, each));
  const mount = mountOf(path, mounts);
  if (place === undefined || mount === null || isUnder(mount.mountPoint, place)) return { kind: 'unmarked' };
  return {
    kind: 'strange',
    operator: `nothing is mounted at ${path}; mount the share, or adopt the plain folder if it is meant`,
    technical: `${path} lies under ${place}, a place for mounts, but on the mount ${mount.mountPoint}`,
  };
}

const wellKnownPlaces = ['/mnt', '/media', '/run/media', '/Volumes'] as const;

/** Folders where something is meant to be mounted: the well-known ones, fstab(5), systemd.mount(5) units. */
export function readMountPlaces(): readonly string[] {
  return [...wellKnownPlaces, ...fstabPlaces(), ...unitPlaces()];
}

function fstabPlaces(): readonly string[] {
  const lines = readOr('/etc/fstab', '').split('\n');
  return lines.flatMap((line) => {
    const point = line.trim().startsWith('#') ? undefined : line.trim().split(/\s+/)[1];
    return point?.startsWith('/') === true && point !== '/' ? [point.replaceAll('\\040', ' ')] : [];
  });
}

function unitPlaces(): readonly string[] {
  const folder = '/etc/systemd/system';
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.mount') || name.endsWith('.automount'));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const where = /^Where=(\/.+)$/m.exec(readOr(`${folder}/${name}`, ''))?.[1]?.trim();
    return where === undefined || where === '/' ? [] : [where];
  });
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
