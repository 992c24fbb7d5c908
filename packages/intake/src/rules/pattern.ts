import { expandBraces, matchesName } from '@sluice/core/pattern';

/** Compares a pattern with paths. */
export interface Pattern {
  /** The pattern as configured. */
  readonly text: string;
  matches(path: ComparedPath, isFolder: boolean): boolean;
  /**
   * Returns whether it matches the path, and each part that `isSpecial` is matched by a part of the pattern that `names` it. `*`,
   * `?` and `**` in its place do not.
   */
  matchesOnPurpose(path: ComparedPath, naming: Naming): boolean;
  /** Returns whether it may match something below a folder, under the same condition. */
  leadsInto(folder: ComparedPath, naming: Naming): boolean;
}

/** A path in the form in which it is compared: case and the Unicode form of a character make no difference. */
export interface ComparedPath {
  readonly parts: readonly string[];
}

/** Which parts of a path have to be named on purpose. */
export interface Naming {
  isSpecial(part: string, isFolder: boolean): boolean;
  /** @param segment a part of a pattern, which matches */
  names(segment: string, part: string, isFolder: boolean): boolean;
}

/** Returns a path in the form in which it is compared. */
export function comparedPath(path: string): ComparedPath {
  return { parts: compared(path).split('/') };
}

const isPlain = /^[ -~]*$/;

/** Returns a text in NFC and lower case. The two small sigmas count as one letter. */
export function compared(text: string): string {
  // ASCII has only one form, and no sigma.
  if (isPlain.test(text)) return text.toLowerCase();
  return text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ');
}

const anyFolders = '**';

/** One alternative of a pattern's braces. */
interface Form {
  readonly segments: readonly string[];
  /** Stands for a folder and everything in it. */
  readonly meansFolder: boolean;
  /** `.mxf` if this alternative means all names with that extension. All such alternatives are looked up at once. Null: it does not. */
  readonly extension: string | null;
  /** Whether a name matches, if only the last part of a path decides and it has no `extension`. Null otherwise. */
  readonly isName: ((name: string) => boolean) | null;
}

const nothingSpecial: Naming = { isSpecial: () => false, names: () => true };

/** Reads a pattern that the configuration has accepted. */
export function readPattern(text: string): Pattern {
  const forms = formsOf(text);
  const extensions = new Set(forms.flatMap(({ extension }) => extension ?? []));
  const others = forms.filter(({ extension }) => extension === null);
  return {
    text,
    matches: (path, isFolder) =>
      hasExtension(lastOf(path), extensions) ||
      others.some((form) => (form.isName === null ? walk(form, path, isFolder, nothingSpecial).matches : form.isName(lastOf(path)))),
    matchesOnPurpose: (path, naming) => forms.some((form) => walk(form, path, false, naming).matches),
    leadsInto: (folder, naming) => forms.some((form) => walk(form, folder, true, naming).leadsInto),
  };
}

const extensionForm = /^\*(\.[^.*?]*)$/;

function hasExtension(name: string, extensions: ReadonlySet<string>): boolean {
  if (extensions.size === 0) return false;
  const dot = name.lastIndexOf('.');
  return dot !== -1 && extensions.has(name.slice(dot));
}

/** Many patterns are an ending, and a source has very many names. */
function nameTest(segment: string): (name: string) => boolean {
  if (segment === '*') return () => true;
  const rest = segment.replace(/^\*/, '');
  if (/[*?]/.test(rest)) return (name) => matchesName(segment, name);
  return rest === segment ? (name) => name === segment : (name) => name.endsWith(rest);
}

/** `proxy`: at any depth; `./proxy`, `day1/proxy`: from the source; `proxy/`, `proxy/**`: the folder and everything in it. */
function formsOf(text: string): readonly Form[] {
  const isAnchored = text.slice(0, -1).includes('/');
  return [...expandBraces(compared(text))].map((alternative) => {
    const segments = alternative.replace(/^\.\//, '').split('/');
    const meansFolder = segments.at(-1) === '' || segments.at(-1) === anyFolders;
    while (segments.at(-1) === '' || segments.at(-1) === anyFolders) segments.pop();
    if (!isAnchored && segments.length > 0) segments.unshift(anyFolders);
    const [first, name = null] = segments;
    const isName = !meansFolder && segments.length === 2 && first === anyFolders;
    if (!isName || name === null) return { segments, meansFolder, extension: null, isName: null };
    const extension = extensionForm.exec(name)?.[1] ?? null;
    return { segments, meansFolder, extension, isName: extension === null ? nameTest(name) : null };
  });
}

function lastOf({ parts }: ComparedPath): string {
  return parts.at(-1) ?? '';
}

/**
 * Follows all the ways in which the segments can match the parts at the same time, in as many steps as there are parts times
 * segments.
 */
function walk(
  { segments, meansFolder }: Form,
  { parts }: ComparedPath,
  isFolder: boolean,
  naming: Naming,
): { matches: boolean; leadsInto: boolean } {
  let places = withSkipped(segments, [0]);
  let isInside = false;
  for (const [index, part] of parts.entries()) {
    const partIsFolder = isFolder || index < parts.length - 1;
    const isSpecial = naming.isSpecial(part, partIsFolder);
    isInside = !isSpecial && (isInside || (meansFolder && places.includes(segments.length)));
    const after = places.flatMap((place) => {
      const segment = segments[place];
      if (segment === undefined) return [];
      if (segment === anyFolders) return isSpecial ? [] : [place];
      return matchesName(segment, part) && (!isSpecial || naming.names(segment, part, partIsFolder)) ? [place + 1] : [];
    });
    places = withSkipped(segments, after);
  }
  const isWhole = places.includes(segments.length);
  return {
    matches: isInside || (isWhole && (isFolder || !meansFolder)),
    leadsInto: isInside || (isWhole && meansFolder) || places.some((place) => place < segments.length),
  };
}

/** Returns these places, and those after a `**`, which may stand for no folder. */
function withSkipped(segments: readonly string[], places: readonly number[]): readonly number[] {
  const all = new Set(places);
  for (const place of all) if (segments[place] === anyFolders) all.add(place + 1);
  return [...all];
}
