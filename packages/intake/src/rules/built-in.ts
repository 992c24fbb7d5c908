import type { LeftAloneRule } from '@sluice/core/model';
import { compared, type Naming } from './pattern.ts';

/** Names that browsers, download managers, transfer tools and editors give to files that are not complete yet. */
const temporaryFiles = formsOf([
  ...['*.tmp', '*.temp', '*.part', '*.partial', '*.filepart', '~$*'],
  // Chromium, Firefox, Safari, Opera, Internet Explorer
  ...['*.crdownload', '*.download', '*.opdownload'],
  // qBittorrent, uTorrent, Transmission, BitComet, Resilio Sync and what it was before
  ...['*.!qb', '*.!ut', '*.bc!', '*.!sync', '*.bts'],
  // aria2, DownThemAll, Free Download Manager, FlashGet, Thunder
  ...['*.aria2', '*.dtapart', '*.fdmdownload', '*.jc!', '*.td', '*.xltd'],
]);

/** Safari downloads into a folder. */
const temporaryFolders = formsOf(['*.download']);

const systemFiles = ['thumbs.db', 'ehthumbs.db', 'desktop.ini'];

/** Recycle bins, and what systems keep in every volume or folder. Those with a dot are dotfiles. */
const systemFolders = [
  // Windows
  ...['$recycle.bin', 'recycler', 'system volume information'],
  // Synology, QNAP, NetApp
  ...['#recycle', '#snapshot', '@eadir', '@tmp', '@recycle', '@recently-snapshot', '~snapshot'],
  // Linux, macOS over AFP
  ...['lost+found', 'network trash folder', 'temporary items'],
];

/** What Sluice itself makes; no pattern can include it. */
const ownNames = /^\.sluice-|\.sluice-done$|^\..+\.[0-9a-f]{8}\.part$/;

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

/** The ends and beginnings that the forms have: one look for an ending, whatever their number. */
interface Forms {
  readonly endings: ReadonlyMap<string, string>;
  readonly beginnings: ReadonlyMap<string, string>;
}

/** @param forms `*.part` or `~$*` */
function formsOf(forms: readonly string[]): Forms {
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

/** Which parts of a path the built-in rules leave alone, and when a part of an `include` pattern names one on purpose. */
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
