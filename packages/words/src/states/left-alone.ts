import { type LeftAlone, type Selection, type UnmatchedPattern, unreachable } from '@sluice/core/model';
import { limits } from '../limits.ts';

/** Returns `left alone: exclude "*.txt": 3 files (a.txt, b.txt, c.txt); empty files: 1 file (x)`, or null if nothing is left alone. */
export function leftAloneText(rows: readonly LeftAlone[]): string | null {
  if (rows.length === 0) return null;
  const shown = rows.slice(0, limits.selectionRows).map((row) => `${leftBy(row)}: ${countedText(row)} (${examplesText(row)})`);
  const more =
    rows.length > limits.selectionRows
      ? [`and by ${rows.length - limits.selectionRows} more patterns and rules (sluice check lists them)`]
      : [];
  return `left alone: ${[...shown, ...more].join('; ')}`;
}

/** Returns `include "*.mfx" matches nothing`, or null if every pattern matches something. */
export function unmatchedText(patterns: readonly UnmatchedPattern[]): string | null {
  if (patterns.length === 0) return null;
  const shown = patterns.slice(0, limits.selectionRows).map(({ setting, pattern }) => `${setting} ${JSON.stringify(shortened(pattern))}`);
  const more = patterns.length > limits.selectionRows ? [`${patterns.length - limits.selectionRows} more patterns`] : [];
  return `${[...shown, ...more].join(', ')} ${patterns.length === 1 ? 'matches' : 'match'} nothing`;
}

/** Returns that no file with this name or id is tracked: a file that a rule leaves alone is not. */
export function unknownFileText(named: string): string {
  return `there is no tracked file with the name or id ${JSON.stringify(named)}. If it is at the source, "sluice check" says whether a rule leaves it alone`;
}

/** Returns both in one line, or null if there is nothing to say. */
export function selectionText({ leftAlone, unmatched }: Selection): string | null {
  const parts = [leftAloneText(leftAlone), unmatchedText(unmatched)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('; ');
}

function leftBy({ rule, pattern, folders }: LeftAlone): string {
  switch (rule) {
    case 'dotfile':
      return 'names that begin with a dot';
    case 'temporary':
      return 'temporary files';
    case 'system_file':
      return 'system files';
    case 'system_folder':
      return 'recycle bins and system folders';
    case 'empty':
      return folders === 0 ? 'empty files' : 'empty files and folders';
    case 'symlink':
      return 'links';
    case 'special':
      return 'devices, pipes and sockets';
    case 'excluded':
      return `exclude ${JSON.stringify(shortened(pattern ?? ''))}`;
    case 'not_included':
      return 'no include pattern matches';
    case 'destination':
      return 'destinations of this agent';
    default:
      return unreachable(rule);
  }
}

/** Returns a count: `2 folders and 1 file`. */
function countedText({ count, folders }: LeftAlone): string {
  const files = count - folders;
  const parts = [
    ...(folders === 0 ? [] : [`${folders} ${folders === 1 ? 'folder' : 'folders'}`]),
    ...(files === 0 ? [] : [`${files} ${files === 1 ? 'file' : 'files'}`]),
  ];
  return parts.join(' and ');
}

function examplesText({ count, examples }: LeftAlone): string {
  const named = examples.slice(0, limits.selectionExamples).map(shortened);
  return [...named, ...(count > named.length ? ['…'] : [])].join(', ');
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length <= limits.selectionPath ? text : `${characters.slice(0, limits.selectionPath).join('')}…`;
}
