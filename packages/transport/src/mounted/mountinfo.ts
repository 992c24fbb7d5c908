import { readFileSync } from 'node:fs';

/** One line of `/proc/self/mountinfo`. Format: proc_pid_mountinfo(5). */
export interface Mount {
  readonly mountId: number;
  readonly parentId: number;
  readonly device: string;
  /** The folder of the filesystem that is mounted here. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly fsType: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** @returns every mount this process sees; none where the system has no mountinfo. Reading it never touches a server. */
export function readMounts(): readonly Mount[] {
  try {
    return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}

export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): Mount | null {
  const [before, after] = line.split(' - ');
  const fields = before?.split(' ') ?? [];
  const [fsType, source, superOptions] = after?.split(' ') ?? [];
  const [mountId, parentId, device, root, mountPoint, options] = fields;
  if (mountPoint === undefined || fsType === undefined) return null;
  return {
    mountId: Number(mountId),
    parentId: Number(parentId),
    device: device ?? '',
    root: unescapeOctal(root ?? ''),
    mountPoint: unescapeOctal(mountPoint),
    options: (options ?? '').split(','),
    fsType,
    source: unescapeOctal(source ?? ''),
    superOptions: (superOptions ?? '').split(','),
  };
}

/** Spaces and the like stand there as `\040`, byte by byte. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const octal = text[index] === '\\' ? /^[0-7]{3}/.exec(text.slice(index + 1))?.[0] : undefined;
    if (octal === undefined) bytes.push(...Buffer.from(text[index] ?? ''));
    else {
      bytes.push(Number.parseInt(octal, 8));
      index += 3;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** The mount a path lies on: the longest mount point, the topmost of several on one point. No system call. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    if (!isUnder(path, mount.mountPoint)) continue;
    if (best === null || mount.mountPoint.length >= best.mountPoint.length) best = mount;
  }
  return best;
}

export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** @returns null where the system has no mountinfo */
export function mountIdOfPath(path: string): number | null {
  return mountOf(path, readMounts())?.mountId ?? null;
}

/** The mount an open file really lies on, from fdinfo; null where the system does not tell. Format: proc_pid_fdinfo(5). */
export function mountIdOfDescriptor(descriptor: number): number | null {
  try {
    const text = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
    const found = /^mnt_id:\s*(\d+)/m.exec(text)?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}
