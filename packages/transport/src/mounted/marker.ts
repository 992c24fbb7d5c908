import { randomUUID } from 'node:crypto';
import { link, lstat, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './classify.ts';

export const markerName = '.sluice-destination';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** What stands where the marker should be. `unclear`: empty or cut short, somebody may be writing it. */
export type MarkerFound = { readonly kind: 'found'; readonly marker: string } | { readonly kind: 'none' } | { readonly kind: 'unclear' };

/** @throws the errno of the read, but for ENOENT */
export async function readMarker(root: string): Promise<MarkerFound> {
  const path = join(root, markerName);
  let text: string;
  try {
    if (!(await lstat(path)).isFile()) return { kind: 'unclear' };
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'none' };
    throw error;
  }
  const marker = uuid.exec(text)?.[0];
  return marker !== undefined && text.endsWith('\n') ? { kind: 'found', marker } : { kind: 'unclear' };
}

/**
 * Writes the marker aside, syncs it and links it, so that it is never seen half-written and never replaces one. Who
 * loses the race adopts what stands there.
 *
 * @returns the UUID that stands there now
 * @throws the errno of what failed
 */
export async function writeMarker(root: string, marker: string, mayGoOn: () => boolean): Promise<string> {
  const path = join(root, markerName);
  const aside = `${path}-${randomUUID().slice(0, 8)}`;
  await writeSynced(aside, contentOf(marker), mayGoOn);
  try {
    if (mayGoOn()) await link(aside, path);
  } catch (error) {
    if (!linkIsRefused(codeOf(error)) && codeOf(error) !== 'EEXIST') throw error;
    if (codeOf(error) !== 'EEXIST') await writeUnlessThere(path, contentOf(marker), mayGoOn);
  } finally {
    await unlink(aside);
  }
  await syncFolder(root);
  const there = await readMarker(root);
  return there.kind === 'found' ? there.marker : marker;
}

function linkIsRefused(code: string): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES'].includes(code);
}

function contentOf(marker: string): string {
  return `Sluice knows this folder by this file. Please do not delete it.\n${marker}\n`;
}

async function writeSynced(path: string, text: string, mayGoOn: () => boolean): Promise<void> {
  if (!mayGoOn()) return;
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeUnlessThere(path: string, text: string, mayGoOn: () => boolean): Promise<void> {
  try {
    await writeSynced(path, text, mayGoOn);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

async function syncFolder(root: string): Promise<void> {
  const folder = await open(root, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Some filesystems cannot sync a folder; the file itself is synced.
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'EPERM' && codeOf(error) !== 'EISDIR') throw error;
  } finally {
    await folder.close();
  }
}
