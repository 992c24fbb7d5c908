import type { EndedFiles, Journal } from '@sluice/core';
import type { FileId, RouteName, TrackedFile } from '@sluice/core/model';

/**
 * Returns all files that a start can learn about: the newest of each source path, oldest first, including those that are left to
 * the journal.
 */
export function newestFiles({ load, ended }: Pick<Journal, 'load'> & { readonly ended: EndedFiles }, ...routes: string[]): TrackedFile[] {
  const left = (routes as RouteName[]).flatMap((route) =>
    ended.after(route, 0, Number.MAX_SAFE_INTEGER).paths.flatMap(({ number, source }) => {
      const newest = ended.newest(route, source);
      return newest?.number === number ? [newest.file] : [];
    }),
  );
  const numberOf = (id: FileId): number => ended.numberOf(id) ?? 0;
  return [...load().files, ...left].sort((a, b) => numberOf(a.id) - numberOf(b.id));
}
