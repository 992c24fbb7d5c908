import type { FileJson, OutageJson } from '@sluice/control';

/** As in the list: `state:` and `route:` by how the word begins, anything else in the names; all of them must hold. */
export function filterFiles(files: readonly FileJson[], filter: string): readonly FileJson[] {
  const words = wordsOf(filter);
  if (words.length === 0) return files;
  return files.filter((file) => words.every((word) => matches(file, word)));
}

/** An outage has a route and no name. */
export function filterOutages(outages: readonly OutageJson[], filter: string): readonly OutageJson[] {
  const routes = wordsOf(filter).filter((word) => word.startsWith('route:'));
  return outages.filter(({ route }) => routes.every((word) => plain(route).startsWith(word.slice('route:'.length))));
}

function wordsOf(filter: string): readonly string[] {
  return plain(filter)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function matches({ status, route, source, destination }: FileJson, word: string): boolean {
  if (word.startsWith('state:')) return stateMatches(plain(status), word.slice('state:'.length));
  if (word.startsWith('route:')) return plain(route).startsWith(word.slice('route:'.length));
  return plain(source).includes(word) || plain(destination).includes(word);
}

function stateMatches(status: string, expected: string): boolean {
  return status.startsWith(expected === 'done' ? 'completed' : expected.replaceAll('-', '_'));
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
