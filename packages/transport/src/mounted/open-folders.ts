import platformPath, { type PlatformPath } from 'node:path';
import { errnoOf, type FolderBelow, openFolderBelow } from '@sluice/platform';
import { folderLimits } from '../limits.ts';
import { withCode } from '../storage/failure.ts';

interface Kept {
  readonly opening: Promise<FolderBelow>;
  readonly openedAt: number;
  users: number;
  isDropped: boolean;
  idle: NodeJS.Timeout | null;
}

/**
 * The folders below a root, each reached part by part without following a link, and kept open while they are used: a copy makes many
 * calls in one folder. Kept for a short time only, because an open folder keeps its share from being unmounted.
 */
export class OpenFolders {
  readonly #root: string;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  /** @param now monotonic milliseconds */
  constructor(root: string, now: () => number = () => performance.now()) {
    this.#root = root;
    this.#now = now;
  }

  /**
   * Does something with a name, by the path that leads to it.
   *
   * @param isFresh walks to its folder again: whatever is made or named has to be where its path leads at that moment
   */
  async at<Result>(path: string, isFresh: boolean, work: (path: string) => Promise<Result>): Promise<Result> {
    const plain = resolveUnder(this.#root, path);
    const slash = path.lastIndexOf('/');
    if (slash === -1) return await work(plain);
    const name = path.slice(slash + 1);
    return await this.in(path.slice(0, slash), isFresh, (folder) => work(folder.fd === null ? plain : String(folder.pathOf(name))));
  }

  /** Does something with a folder. A kept one that is gone by now is walked to again, once. */
  async in<Result>(folder: string, isFresh: boolean, work: (folder: FolderBelow) => Promise<Result>): Promise<Result> {
    const before = isFresh ? undefined : this.#current(folder);
    if (before === undefined) return await this.#use(this.#open(folder), work);
    try {
      return await this.#use(before, work);
    } catch (error) {
      if (!movedAway.has(errnoOf(error)) || folder === '') throw error;
      return await this.#use(this.#open(folder), work);
    }
  }

  #current(folder: string): Kept | undefined {
    const kept = this.#kept.get(folder);
    return kept !== undefined && this.#now() - kept.openedAt <= folderLimits.maxAgeMs ? kept : undefined;
  }

  #open(folder: string): Kept {
    this.#drop(folder);
    if (this.#kept.size >= folderLimits.keptFolders) this.#drop(this.#kept.keys().next().value ?? '');
    resolveUnder(this.#root, folder);
    const opening = openFolderBelow(this.#root, folder === '' ? [] : folder.split('/'));
    const kept: Kept = { opening, openedAt: this.#now(), users: 0, isDropped: false, idle: null };
    this.#kept.set(folder, kept);
    opening.catch(() => {
      if (this.#kept.get(folder) === kept) this.#kept.delete(folder);
    });
    return kept;
  }

  async #use<Result>(kept: Kept, work: (folder: FolderBelow) => Promise<Result>): Promise<Result> {
    kept.users += 1;
    if (kept.idle !== null) clearTimeout(kept.idle);
    kept.idle = null;
    try {
      return await work(await kept.opening);
    } finally {
      kept.users -= 1;
      if (kept.users === 0) this.#release(kept);
    }
  }

  #release(kept: Kept): void {
    if (kept.isDropped) {
      close(kept);
      return;
    }
    kept.idle = setTimeout(() => {
      for (const [folder, other] of this.#kept) if (other === kept) this.#drop(folder);
    }, folderLimits.idleMs);
    kept.idle.unref();
  }

  #drop(folder: string): void {
    const kept = this.#kept.get(folder);
    if (kept === undefined) return;
    this.#kept.delete(folder);
    kept.isDropped = true;
    if (kept.idle !== null) clearTimeout(kept.idle);
    if (kept.users === 0) close(kept);
  }
}

/** What a name in a folder that was moved or removed answers. */
const movedAway = new Set(['ENOENT', 'ESTALE', 'ENOTDIR']);

/** Nothing waits for it: a folder of a share that hangs may not be closed for hours. */
function close({ opening }: Kept): void {
  opening.then(
    (folder) => folder.close(),
    () => undefined,
  );
}

/**
 * Returns the absolute path of a relative one. On Windows one that is taken literally (`\\\\?\\`): `aux.mxf` is a file there and no
 * device, `a.` another file than `a`, and a path may be long.
 *
 * @throws EINVAL where a part could lead out of the root, or to a stream of another file.
 */
export function resolveUnder(root: string, path: string, { sep, toNamespacedPath }: PlatformPath = platformPath): string {
  if (path === '') return root;
  const parts = path.split('/');
  const leadsOut = (part: string): boolean =>
    part === '' || part === '.' || part === '..' || part.includes('\0') || (sep === '\\' && /[\\:]/.test(part));
  if (parts.some(leadsOut)) throw withCode('EINVAL', `the path ${JSON.stringify(path)} does not stay under its root`);
  return toNamespacedPath((root.endsWith(sep) ? root.slice(0, -1) : root) + sep + parts.join(sep));
}
