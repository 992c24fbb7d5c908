import { type SourceStateName, unreachable } from '@sluice/core/model';

/** What is known about a source that cannot be listed, or not completely. */
interface SourceAway {
  readonly state: Exclude<SourceStateName, 'ok'>;
  readonly code: string | null;
  /** The relative path of what cannot be read. Null: the source itself. */
  readonly path: string | null;
}

/** Returns what the trouble of a source means to a person. */
export function sourceAwayText({ state, code, path }: SourceAway): string {
  const unknown = `(${code ?? 'unknown'}); none of its files is treated as removed`;
  switch (state) {
    case 'unreadable':
      return path === null ? `the source cannot be read ${unknown}; let Sluice read it` : unreadText(path, code ?? 'unknown');
    case 'missing':
      return `the source is missing ${unknown}; mount its disk`;
    case 'silent':
      return `the source does not answer ${unknown}; check its storage`;
    case 'suddenly_empty':
      return 'the source is suddenly empty, or another disk is mounted there; none of its files is treated as removed. If somebody cleared it, run sluice rescan';
    default:
      return unreachable(state);
  }
}

function unreadText(path: string, code: string): string {
  const meanwhile = 'everything else is copied, and nothing in it is treated as removed';
  return `${path} in the source cannot be read (${code}): ${meanwhile}; let Sluice read it, or exclude it`;
}
