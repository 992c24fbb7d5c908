import type { RouteSettings } from '@sluice/core/model';
import picomatch from 'picomatch';

/** What the rules need to know of a file or folder in the source. */
export interface EntryFacts {
  /** Relative to the source, `/` between the parts. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'special';
  readonly sizeBytes: number;
}

/** Why an entry is left alone. */
export interface LeftAlone {
  readonly rule: RuleName;
  readonly sentence: string;
}

export type RuleName =
  | 'dotfile'
  | 'temporary'
  | 'system_file'
  | 'empty'
  | 'symlink'
  | 'special'
  | 'excluded'
  | 'not_included'
  | 'destination';

/** The rules of one route. */
export interface Rules {
  /** @returns null for what is taken in, or entered */
  leftAlone(entry: EntryFacts): LeftAlone | null;
  /** Whether growing copies are on for this name. */
  mayGrow(path: string): boolean;
}

/** A name may hold line breaks, and a pattern has to match those too; picomatch takes `flags` instead of `nocase`. */
const exactly = { dot: true, flags: 's' };
const anyCase = { dot: true, flags: 'si' };

const temporary = picomatch(['*.tmp', '*.part', '~$*'], anyCase);
const systemFile = picomatch(['Thumbs.db', 'desktop.ini'], anyCase);

export const sentences: Readonly<Record<RuleName, string>> = {
  dotfile: 'its name begins with a dot',
  temporary: 'its name is that of a temporary file',
  system_file: 'it belongs to the operating system',
  empty: 'it is empty',
  symlink: 'it is a symbolic link; links are not followed',
  special: 'it is no regular file',
  excluded: 'an exclude pattern of the route matches',
  destination: 'it is a destination of this agent; what is copied from there would be copied again',
  not_included: 'no include pattern of the route matches',
};

export function createRules(route: Pick<RouteSettings, 'include' | 'exclude' | 'growing'>): Rules {
  const included = picomatch([...route.include], exactly);
  const excluded = route.exclude.length === 0 ? () => false : picomatch([...route.exclude], exactly);
  const grows = picomatch([...route.growing.include], anyCase);

  const ruleFor = ({ path, kind, sizeBytes }: EntryFacts): RuleName | null => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name.startsWith('.')) return 'dotfile';
    if (kind === 'symlink') return 'symlink';
    if (kind === 'special') return 'special';
    if (excluded(path)) return 'excluded';
    if (kind === 'folder') return null;
    if (temporary(name)) return 'temporary';
    if (systemFile(name)) return 'system_file';
    if (!included(path)) return 'not_included';
    return sizeBytes === 0 ? 'empty' : null;
  };

  return {
    leftAlone(entry) {
      const rule = ruleFor(entry);
      return rule === null ? null : { rule, sentence: sentences[rule] };
    },
    mayGrow: (path) => route.growing.enabled && grows(path),
  };
}
