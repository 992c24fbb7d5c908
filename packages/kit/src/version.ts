import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readShort } from './contents.ts';
import { type Checksum, componentsName } from './layout.ts';

/** Returns the version of a kit from its list of components, whose checksum is signed. @returns null if the list does not say it */
export function versionOf(kit: string, checksums: readonly Checksum[]): string | null {
  const listed = checksums.find(({ path }) => path === componentsName);
  try {
    const bytes = readShort(join(kit, componentsName));
    if (listed?.sha256 !== createHash('sha256').update(bytes).digest('hex')) return null;
    const { metadata } = JSON.parse(bytes.toString('utf8')) as { metadata?: { component?: { version?: unknown } } };
    const version = metadata?.component?.version;
    return typeof version === 'string' && form.test(version) ? version : null;
  } catch {
    return null;
  }
}

const form = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,64}))?$/;

/** Returns whether a version comes before another one (https://semver.org, 11). An invalid version comes before all others. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [form.exec(version), form.exec(than)];
  if (a === null || b === null) return a === null && b !== null;
  for (const part of [1, 2, 3]) {
    const difference = Number(a[part]) - Number(b[part]);
    if (difference !== 0) return difference < 0;
  }
  const [preliminary, other] = [a[4], b[4]];
  if (preliminary === undefined || other === undefined) return preliminary !== undefined && other === undefined;
  return preliminary.localeCompare(other, 'en', { numeric: true }) < 0;
}
