import { dirname, join } from 'node:path';
import type { Judged, ProvenFile, RouteAudit, SafeAnswer, UnsafeFile } from '../model.ts';
import { isIn } from '../process/folder.ts';

/** The result of the audit of one route. */
export interface RouteJudged {
  readonly audit: RouteAudit;
  /** Absolute path of its source. */
  readonly source: string;
  /** The part of it that was listed. Null: all of it. */
  readonly folder: string | null;
  readonly files: readonly Judged[];
}

/**
 * Combines the results of several routes. A file is safe if at least one route copies it, and each route that copies it has a
 * verified copy. @param areas absolute paths of the requested folders
 */
export function combine(routes: readonly RouteJudged[], areas: readonly string[]): SafeAnswer {
  const taken = new Map<string, number>();
  const proofs = new Map<string, Judged['readback']>();
  const notSafe: UnsafeFile[] = [];
  const isAskedFor = (path: string): boolean => areas.some((area) => isIn(path, area));
  for (const { audit, source, files } of routes) {
    for (const { path, sizeBytes, why, readback } of files) {
      const absolute = join(source, path);
      if (why?.kind === 'left_alone' || !isAskedFor(absolute)) continue;
      taken.set(absolute, sizeBytes);
      if (why !== null) notSafe.push({ route: audit.route, path, absolute, sizeBytes, why });
      else proofs.set(absolute, weaker(proofs.get(absolute) ?? null, readback));
    }
  }
  notSafe.push(...leftAlone(routes, taken, isAskedFor));
  for (const { absolute } of notSafe) proofs.delete(absolute);
  const isWhole = routes.every(({ audit }) => audit.away === null && audit.sourceCode === null && audit.unread.length === 0);
  return {
    isSafe: isWhole && notSafe.length === 0 && taken.size > 0,
    files: taken.size,
    bytes: [...taken.values()].reduce((sum, bytes) => sum + bytes, 0),
    isWhole,
    notSafe: notSafe.toSorted(byPath),
    proven: isWhole ? provenFiles(routes, isAskedFor).toSorted(byPath) : [],
    routes: routes.map(({ audit }) => audit),
    proof: countOf([...proofs.values()]),
  };
}

const byStrength = ['direct', 'cached', 'size'] as const;

function weaker(a: Judged['readback'], b: Judged['readback']): Judged['readback'] {
  if (a === null || b === null) return a ?? b;
  return byStrength[Math.max(byStrength.indexOf(a), byStrength.indexOf(b))] ?? null;
}

function countOf(proofs: readonly Judged['readback'][]): SafeAnswer['proof'] {
  const proof = { direct: 0, cached: 0, size: 0 };
  for (const each of proofs) if (each !== null) proof[each] += 1;
  return proof;
}

/** Returns the files that patterns leave alone on every route that reads them. */
function leftAlone(
  routes: readonly RouteJudged[],
  taken: ReadonlyMap<string, number>,
  isAskedFor: (path: string) => boolean,
): readonly UnsafeFile[] {
  const named = new Set<string>();
  const folders = foldersAbove(taken.keys());
  const isTaken = (path: string): boolean => taken.has(path) || folders.has(path);
  return routes.flatMap(({ audit, source, files }) =>
    files.flatMap(({ path, sizeBytes, why }) => {
      const absolute = join(source, path);
      if (why?.kind !== 'left_alone' || !isAskedFor(absolute) || named.has(absolute)) return [];
      named.add(absolute);
      return isTaken(absolute) ? [] : [{ route: audit.route, path, absolute, sizeBytes, why }];
    }),
  );
}

function foldersAbove(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return folders;
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Returns the proven files: those that are proven by every route that copies them. */
function provenFiles(routes: readonly RouteJudged[], isAskedFor: (path: string) => boolean): ProvenFile[] {
  const unsafe = new Set<string>();
  for (const { source, files } of routes) {
    for (const { path, why } of files) if (why !== null && why.kind !== 'left_alone') unsafe.add(join(source, path));
  }
  return routes.flatMap(({ audit, source, files }) =>
    files.flatMap(({ path, sizeBytes, why, copy }) => {
      const absolute = join(source, path);
      if (why !== null || copy === undefined || unsafe.has(absolute) || !isAskedFor(absolute)) return [];
      return [{ route: audit.route, path, sizeBytes, ...copy }];
    }),
  );
}
