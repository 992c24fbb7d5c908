import type { ScreenRoute } from '@sluice/control';

/** `!! SOURCE MISSING /ingest: nothing can be said about its files`; null while the source is well. */
export function sourceTrouble({ source, sourceState, unread }: Pick<ScreenRoute, 'source' | 'sourceState' | 'unread'>): string | null {
  switch (sourceState.state) {
    case 'ok':
    case 'unknown':
      return null;
    case 'missing':
      return `!! SOURCE MISSING ${source}: nothing can be said about its files`;
    case 'unreadable':
      if (unread !== null)
        return `!! SOURCE UNREADABLE ${unread.path} in ${source} (${unread.code ?? 'unknown'}): nothing in it is taken for removed`;
      return `!! SOURCE UNREADABLE ${source}: nothing can be said about its files`;
    case 'silent':
      return `!! SOURCE SILENT ${source}: nothing can be said about its files`;
    case 'suddenly_empty':
      return `!! SOURCE SUDDENLY EMPTY ${source}: nothing is removed; was it cleared? sluice rescan says so`;
  }
}
