import type { LeftAloneRule } from '@sluice/core/model';
import { compared, type Naming } from './pattern.ts';

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
