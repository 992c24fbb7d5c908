import { join, relative } from 'node:path';
import type { FileId } from '@sluice/core/model';
import { limits } from '../limits.ts';
import type { Differing, OtherCopy } from '../model.ts';
import { isIn } from '../process/folder.ts';
import type { SoughtFile } from '../process/messages.ts';
import { type AuditPlace, startRouteAudit } from '../process/route-audit.ts';
import type { RunningAudit } from '../process/start-audit.ts';
import type { KnownRoute } from '../routes.ts';

/** Searches the other routes for copies of files whose copies differ. Each route is asked in a separate process. */
export class OtherCopies {
  readonly #place: AuditPlace;
  readonly #found = new Map<FileId, Map<string, OtherCopy>>();
  readonly #sought = new Set<FileId>();

  constructor(place: AuditPlace) {
    this.#place = place;
  }

  /** Starts the processes. @returns one for each route that may have read one of the files */
  start(differing: readonly Differing[]): readonly RunningAudit[] {
    const few = differing.slice(0, limits.otherCopiesSought);
    for (const { id } of few) this.#sought.add(id);
    return this.#place.routes.flatMap((route) => {
      const of = few.flatMap((file) => soughtIn(this.#place.routes, route, file));
      return of.length === 0 ? [] : [this.#ask(route, of)];
    });
  }

  /** Returns a copy that differs, with the best other copy of its file. */
  withOther(file: Differing): Differing {
    if (!this.#sought.has(file.id)) return file;
    const copies = [...(this.#found.get(file.id)?.values() ?? [])];
    return { ...file, otherCopy: copies.find(({ isRead }) => isRead) ?? copies[0] ?? null };
  }

  #ask(route: KnownRoute, of: readonly SoughtFile[]): RunningAudit {
    const { destination: root, name } = route.settings;
    return startRouteAudit(this.#place, route, { kind: 'others', of }, null, {
      counted: () => undefined,
      progress: () => undefined,
      otherCopy: ({ id, destination, isRead }) => {
        const copies = this.#found.get(id) ?? new Map<string, OtherCopy>();
        this.#found.set(id, copies);
        if (destination === null) copies.delete(name);
        else copies.set(name, { route: name, path: join(root, destination), isRead });
      },
    });
  }
}

/** Returns the paths that a file, or its copy, may have in the source of another route. */
function soughtIn(routes: readonly KnownRoute[], { settings: other }: KnownRoute, file: Differing): readonly SoughtFile[] {
  const own = routes.find(({ settings }) => settings.name === file.route)?.settings;
  if (own === undefined || own.name === other.name) return [];
  const places = [join(own.source, file.source), join(own.destination, file.destination)];
  const paths = places.flatMap((place) => (isIn(place, other.source) ? [relative(other.source, place).replaceAll('\\', '/')] : []));
  return paths.length === 0 ? [] : [{ id: file.id, paths }];
}
