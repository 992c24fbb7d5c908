import type { FileJson, OutageJson } from '@sluice/control';
import type { RouteName } from '@sluice/core/model';
import { parseFilter } from '@sluice/lists';

/** Filters files like the list. */
export function filterFiles(files: readonly FileJson[], filter: string): readonly FileJson[] {
  const { isEmpty, matches } = parseFilter(filter);
  // An ended file has no hold that could be filtered by.
  return isEmpty ? files : files.filter((file) => matches({ ...file, route: file.route as RouteName }));
}

/** Filters outages, which have a route and no name. */
export function filterOutages(outages: readonly OutageJson[], filter: string): readonly OutageJson[] {
  const routes = wordsOf(filter).filter((word) => word.startsWith('route:'));
  return outages.filter(({ route }) => routes.every((word) => plain(route).startsWith(word.slice('route:'.length))));
}

function wordsOf(filter: string): readonly string[] {
  return plain(filter)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
