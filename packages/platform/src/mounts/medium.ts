import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readText } from '../system-calls.ts';
import { hasRealInodes, mayBeCard } from './filesystem-types.ts';
import type { Mount } from './mountinfo.ts';
import { readMounts } from './own-mounts.ts';

/** What the system says about the filesystem that a file is on. */
export interface DiskFacts {
  /** Whether device and inode number identify a file while it is mounted. */
  readonly hasRealInodes: boolean;
  /**
   * Which medium is in the drive. Another card in the same reader has the same device number, and may have the same volume number:
   * cameras give all cards one. Null: its files need no medium to be told from those of another disk.
   */
  readonly medium: string | null;
}

const unknownDisk: DiskFacts = { hasRealInodes: false, medium: null };

/**
 * The filesystems of this machine by the device number of their files. A folder may have others mounted below it. What was found once
 * is not read again, so that one listing has one answer.
 */
export class MountedDisks {
  readonly #mounts: readonly Mount[];
  readonly #found = new Map<string, DiskFacts>();

  constructor(mounts: readonly Mount[] = readMounts()) {
    this.#mounts = mounts;
  }

  /** Returns what is known of the filesystem with this `st_dev`. @param device decimal */
  of(device: string): DiskFacts {
    const known = this.#found.get(device);
    if (known !== undefined) return known;
    const number = deviceNumber(BigInt(device));
    const mount = this.#mounts.find((each) => each.device === number);
    const facts = mount === undefined ? unknownDisk : factsOf(mount);
    this.#found.set(device, facts);
    return facts;
  }
}

function factsOf(mount: Mount): DiskFacts {
  return { hasRealInodes: hasRealInodes(mount.fsType), medium: mayBeCard(mount.fsType) ? mediumOf(mount) : null };
}

/** Returns a device number as mountinfo writes it. Format: gnu_dev_major and gnu_dev_minor of glibc. */
function deviceNumber(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  return `${major}:${minor}`;
}

/** Each process has another one, so that a medium that the system does not identify counts as another one in each process. */
const processMark = randomUUID();

/**
 * Returns a text that no other medium has that is ever put into a drive of this machine: the number that Linux gives to a disk each
 * time a medium is put in (`diskseq`, since Linux 5.15), which starts from one with each boot, the partition, and the volume number
 * where udev reports it: a medium can be formatted without being taken out.
 *
 * @param root where the system's `/proc`, `/sys`, `/dev` and `/run` are
 */
export function mediumOf({ mountId, source, device }: Pick<Mount, 'mountId' | 'source' | 'device'>, root = '/'): string {
  const disk = diskOf(root, source, device);
  const boot = readText(join(root, 'proc/sys/kernel/random/boot_id'))?.trim();
  const sequence = disk === null ? undefined : (readText(join(disk, 'diskseq')) ?? readText(join(dirname(disk), 'diskseq')))?.trim();
  if (disk === null || boot === undefined || sequence === undefined) return `${processMark} ${mountId}`;
  const number = readText(join(disk, 'dev'))?.trim() ?? '';
  const volume = /^E:ID_FS_UUID=(.*)$/m.exec(readText(join(root, `run/udev/data/b${number}`)) ?? '')?.[1];
  return [boot, sequence, basename(disk), ...(volume === undefined ? [] : [volume])].join(' ');
}

/** Returns the folder of a block device in sysfs. FUSE filesystems have no device number of a disk, but name it as their source. */
function diskOf(root: string, source: string, device: string): string | null {
  const named = source.startsWith('/dev/') ? realOrNull(join(root, source)) : null;
  const byName = named === null ? null : realOrNull(join(root, 'sys/class/block', basename(named)));
  return byName ?? realOrNull(join(root, 'sys/dev/block', device));
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
