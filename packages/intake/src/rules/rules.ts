import type { LeftAloneRule, RouteSettings } from '@sluice/core/model';
import { expandBraces, matchesName } from '@sluice/core/pattern';

/** What the rules need to know about a file or folder in the source. */
export interface EntryFacts {
  /** Relative to the source, `/` between the parts. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'special';
  readonly sizeBytes: number;
}

/** Why an entry is left alone. */
export interface WhyLeft {
  readonly rule: LeftAloneRule;
  /** For `excluded`: the first pattern that matches. */
  readonly pattern: string | null;
  readonly sentence: string;
}

/** The rules of one route. */
export interface Rules {
  /** @returns null if the entry is taken in, or entered */
  leftAlone(entry: EntryFacts): WhyLeft | null;
  /** Returns whether growing copies are on for this name. */
  mayGrow(path: string): boolean;
  readonly include: readonly Pattern[];
  readonly exclude: readonly Pattern[];
}

/** Each rule as a sentence. */
export const sentences: Readonly<Record<LeftAloneRule, string>> = {
  dotfile: 'its name begins with a dot',
  temporary: 'its name is one of a temporary file',
  system_file: 'it belongs to the operating system',
  system_folder: 'it is a recycle bin or belongs to the operating system',
  empty: 'it is empty',
  symlink: 'it is a symbolic link; links are not followed',
  special: 'it is not a regular file',
  excluded: 'an exclude pattern of the route matches',
  destination: 'it is a destination of this agent; its files would be copied again and again',
  not_included: 'no include pattern of the route matches',
};

type Settings = Pick<RouteSettings, 'include' | 'exclude' | 'growing'>;

/** Returns the rules of a route. `exclude` has priority over `include`, and that over the built-in rules. */
export function createRules(route: Settings): Rules {
  const include = route.include.map(readPattern);
  const exclude = route.exclude.map(readPattern);
  const grows = route.growing.include.map(readPattern);

  const compare = comparerOfPaths();

  const left = (entry: EntryFacts): Omit<WhyLeft, 'sentence'> | null => {
    const path = compare(entry.path);
    const isFolder = entry.kind === 'folder';
    const builtIn = builtInFor(include, path, entry);
    if (builtIn === 'dotfile') return { rule: builtIn, pattern: null };
    if (entry.kind === 'symlink' || entry.kind === 'special') return { rule: entry.kind, pattern: null };
    const excluding = exclude.find((pattern) => pattern.matches(path, isFolder));
    if (excluding !== undefined) return { rule: 'excluded', pattern: excluding.text };
    if (builtIn !== null) return { rule: builtIn, pattern: null };
    if (isFolder) return null;
    if (!include.some((pattern) => pattern.matches(path, false))) return { rule: 'not_included', pattern: null };
    return entry.sizeBytes === 0 ? { rule: 'empty', pattern: null } : null;
  };

  return {
    leftAlone(entry) {
      const why = left(entry);
      return why === null ? null : { ...why, sentence: sentences[why.rule] };
    },
    mayGrow(path) {
      if (!route.growing.enabled) return false;
      return grows.some((pattern) => pattern.matches(compare(path), false));
    },
    include,
    exclude,
  };
}

/** Returns the built-in rule for a path or for a folder above it, unless an include pattern names what the rule is about. */
function builtInFor(include: readonly Pattern[], path: ComparedPath, { kind }: EntryFacts): LeftAloneRule | null {
  const { parts } = path;
  const isFolder = kind === 'folder';
  let rule: LeftAloneRule | null = null;
  for (let index = 0; index < parts.length && rule === null; index += 1) {
    rule = builtInRule(parts[index] ?? '', isFolder || index < parts.length - 1);
  }
  if (rule === null) return null;
  const isNamed = include.some((pattern) =>
    isFolder ? pattern.leadsInto(path, builtInNaming) : pattern.matchesOnPurpose(path, builtInNaming),
  );
  return isNamed ? null : rule;
}

/** Names that browsers, download managers, transfer tools and editors give to incomplete files. */
const temporaryFiles = simpleForms([
  ...['*.tmp', '*.temp', '*.part', '*.partial', '*.filepart', '~$*'],
  // Chromium, Firefox, Safari, Opera, Internet Explorer
  ...['*.crdownload', '*.download', '*.opdownload'],
  // qBittorrent, uTorrent, Transmission, BitComet, Resilio Sync and its predecessor
  ...['*.!qb', '*.!ut', '*.bc!', '*.!sync', '*.bts'],
  // aria2, DownThemAll, Free Download Manager, FlashGet, Thunder
  ...['*.aria2', '*.dtapart', '*.fdmdownload', '*.jc!', '*.td', '*.xltd'],
]);

/** Safari downloads into a folder. */
const temporaryFolders = simpleForms(['*.download']);

const systemFiles = ['thumbs.db', 'ehthumbs.db', 'desktop.ini'];

/** Recycle bins, and what systems keep in every volume or folder. Names with a dot are dotfiles. */
const systemFolders = [
  // Windows
  ...['$recycle.bin', 'recycler', 'system volume information'],
  // Synology, QNAP, NetApp
  ...['#recycle', '#snapshot', '@eadir', '@tmp', '@recycle', '@recently-snapshot', '~snapshot'],
  // Linux, macOS over AFP
  ...['lost+found', 'network trash folder', 'temporary items'],
];

/** What Sluice itself creates. No pattern can include it. */
const ownNames = /^\.sluice-|\.sluice-done$|^\..+\.[0-9a-f]{8}\.part$/;

/**
 * The hidden name of a source file that is being removed. Such a file was copied, so it is neither copied again nor counted as
 * left alone.
 */
const removedName = /^\..+\.[0-9a-f]{8}\.sluice-done$/;

/** Returns whether a name is the hidden name of a removal. */
export function isRemovedName(name: string): boolean {
  return removedName.test(name);
}

/** Returns the built-in rule that leaves a name alone, or null. @param name in the compared form */
export function builtInRule(name: string, isFolder: boolean): LeftAloneRule | null {
  if (name.startsWith('.')) return 'dotfile';
  if (isFolder) {
    if (systemFolders.includes(name)) return 'system_folder';
    return formOf(name, temporaryFolders) === null ? null : 'temporary';
  }
  if (formOf(name, temporaryFiles) !== null) return 'temporary';
  return systemFiles.includes(name) ? 'system_file' : null;
}

/** The endings and beginnings of the forms. An ending is found by one lookup, however many there are. */
interface Forms {
  readonly endings: ReadonlyMap<string, string>;
  readonly beginnings: ReadonlyMap<string, string>;
}

/** @param forms `*.part` or `~$*` */
function simpleForms(forms: readonly string[]): Forms {
  const endings = forms.filter((form) => form.startsWith('*.')).map((form) => [form.slice(1), form] as const);
  const beginnings = forms.filter((form) => form.endsWith('*')).map((form) => [form.slice(0, -1), form] as const);
  return { endings: new Map(endings), beginnings: new Map(beginnings) };
}

function formOf(name: string, { endings, beginnings }: Forms): string | null {
  const dot = name.lastIndexOf('.');
  const ending = dot === -1 ? undefined : endings.get(name.slice(dot));
  if (ending !== undefined) return ending;
  for (const [beginning, form] of beginnings) if (name.startsWith(beginning)) return form;
  return null;
}

/** The parts of a path that the built-in rules leave alone, and when a part of an `include` pattern names one on purpose. */
export const builtInNaming: Naming = {
  isSpecial: (part, isFolder) => builtInRule(part, isFolder) !== null,
  names(segment, part, isFolder) {
    if (ownNames.test(part)) return false;
    if (part.startsWith('.') && !segment.startsWith('.')) return false;
    const temporary = formOf(part, isFolder ? temporaryFolders : temporaryFiles);
    if (temporary !== null && !hasLiteral(segment, temporary)) return false;
    return !(isFolder ? systemFolders : systemFiles).includes(part) || segment === part;
  },
};

/** @param form `*.part` or `~$*` */
function hasLiteral(segment: string, form: string): boolean {
  const literal = compared(form.replaceAll('*', ''));
  return form.startsWith('*') ? segment.endsWith(literal) : segment.startsWith(literal);
}

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

/** Returns a `comparedPath` that remembers the last folder: a listing compares the names of one folder one after another. */
function comparerOfPaths(): typeof comparedPath {
  let folder: string | null = null;
  let folderParts: readonly string[] = [];
  let last: { readonly path: string; readonly compared: ComparedPath } | null = null;
  return (path) => {
    if (last?.path === path) return last.compared;
    const slash = path.lastIndexOf('/');
    if (slash === -1) return { parts: [compared(path)] };
    const above = path.slice(0, slash);
    if (above !== folder) {
      folder = above;
      folderParts = comparedPath(above).parts;
    }
    last = { path, compared: { parts: [...folderParts, compared(path.slice(slash + 1))] } };
    return last.compared;
  };
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
  /** Whether a name matches, for a pattern in which only the last part of a path decides. Null: more parts decide. */
  readonly isName: ((name: string) => boolean) | null;
}

const nothingSpecial: Naming = { isSpecial: () => false, names: () => true };

/** Reads a pattern that the configuration has accepted. */
export function readPattern(text: string): Pattern {
  const forms = formsOf(text);
  return {
    text,
    matches: (path, isFolder) =>
      forms.some((form) => (form.isName === null ? walk(form, path, isFolder, nothingSpecial).matches : form.isName(lastOf(path)))),
    matchesOnPurpose: (path, naming) => forms.some((form) => walk(form, path, false, naming).matches),
    leadsInto: (folder, naming) => forms.some((form) => walk(form, folder, true, naming).leadsInto),
  };
}

/** Most patterns are an ending, and a source has very many names. */
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
    return { segments, meansFolder, isName: isName && name !== null ? nameTest(name) : null };
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
