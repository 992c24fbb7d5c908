import { type SourceStateName, unreachable } from '@sluice/core/model';

/** What is known about a source that cannot be listed, or not completely. */
interface SourceAway {
  readonly state: Exclude<SourceStateName, 'ok'>;
  readonly code: string | null;
  /** The relative path of what cannot be read. Null: the source itself. */
  readonly path: string | null;
}

/** Returns what the trouble of a source means, and what a person does about it. @param route null: unknown */
export function sourceAwayText(away: SourceAway, route: string | null = null): string {
  return `${sourceProblem(away)}; ${sourceRemedy(away, route)}`;
}

/** Returns what the trouble of a source means to a person. */
export function sourceProblem({ state, code, path }: SourceAway): string {
  const kept = 'none of its files is treated as removed';
  const unknown = `(${code ?? 'unknown'}); ${kept}`;
  switch (state) {
    case 'unreadable':
      return path === null ? `the source cannot be read ${unknown}` : unreadText(path, code ?? 'unknown');
    case 'missing':
      return `the source is missing ${unknown}`;
    case 'silent':
      return `the source does not answer ${unknown}`;
    case 'suddenly_empty':
      return `the source is suddenly empty, or another disk is mounted there; ${kept}`;
    default:
      return unreachable(state);
  }
}

/** Returns what a person does about a source: one sentence without a full stop. @param route null: unknown */
export function sourceRemedy({ state, path }: Pick<SourceAway, 'state' | 'path'>, route: string | null): string {
  switch (state) {
    case 'missing':
      return 'mount the disk of the source';
    case 'unreadable':
      return path === null ? 'let the user of Sluice read it' : 'let the user of Sluice read it, or exclude it';
    case 'silent':
      return 'check the storage of the source';
    case 'suddenly_empty':
      return `mount the disk of the source, or run sluice rescan ${route ?? 'ROUTE'} if somebody cleared it`;
    default:
      return unreachable(state);
  }
}

function unreadText(path: string, code: string): string {
  return `${path} in the source cannot be read (${code}); everything else is copied, and nothing in it is treated as removed`;
}
