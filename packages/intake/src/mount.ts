import { readFileSync } from 'node:fs';

/** What a source lies on, as far as mountinfo tells. */
export interface SourceMount {
  readonly isNetwork: boolean;
  /** How long attributes may be stale, milliseconds. */
  readonly cacheMs: number;
  readonly description: string;
}

interface Line {
  readonly point: string;
  readonly device: string;
  readonly fsType: string;
  readonly source: string;
  readonly options: string;
}

/** Format: proc_pid_mountinfo(5). Reading it never touches a server. */
export function mountOfSource(path: string): SourceMount {
  const lines = readLines();
  const mount = longest(lines, path);
  if (mount === null) return { isNetwork: false, cacheMs: 0, description: '(a folder)' };
  const cacheMs = staleMs(mount);
  const isNetwork = cacheMs > 0;
  const isSystem = mount.device === longest(lines, '/')?.device;
  const local = isSystem ? '(LOCAL DISK, same as system)' : `(LOCAL DISK ${mount.fsType} ${mount.source})`;
  return { isNetwork, cacheMs, description: isNetwork ? `(${mount.fsType.replace(/^fuse\./, '')} ${mount.source})` : local };
}

/** Defaults of nfs(5) and mount.cifs(8); FUSE servers keep attributes for a while of their own. */
function staleMs({ fsType, options }: Line): number {
  const seconds = /(?:^|,)(?:actimeo|acregmax)=(\d+)/.exec(options)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  if (fsType === 'cifs' || fsType === 'smb3') return 1_000;
  if (fsType === 'fuseblk') return 0;
  if (fsType.startsWith('fuse')) return 30_000;
  return ['nfs', 'nfs4', '9p', 'afs', 'ceph', 'glusterfs', 'smbfs'].includes(fsType) ? 60_000 : 0;
}

function longest(lines: readonly Line[], path: string): Line | null {
  let best: Line | null = null;
  for (const line of lines) {
    const isUnder = path === line.point || path.startsWith(line.point === '/' ? '/' : `${line.point}/`);
    if (isUnder && (best === null || line.point.length >= best.point.length)) best = line;
  }
  return best;
}

function readLines(): Line[] {
  let text: string;
  try {
    text = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , device, , point, options] = before?.split(' ') ?? [];
    const [fsType, source, superOptions] = after?.split(' ') ?? [];
    if (point === undefined || fsType === undefined) return [];
    const all = `${options ?? ''},${superOptions ?? ''}`;
    return [{ point: point.replaceAll('\\040', ' '), device: device ?? '', fsType, source: source ?? '', options: all }];
  });
}
