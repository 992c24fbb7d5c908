import { join } from 'node:path';
import { startSafe } from '@sluice/audit';
import type { SafeAsker } from '@sluice/tui';
import { limits } from './limits.ts';
import { sqliteAddon, sqliteAddonPath } from './packed/sqlite-addon.ts';

/**
 * Returns the checker of sources for the screen: the check of `sluice safe`, in processes of this program.
 * @param stateDir returns the state folder of the agent that is shown; null: none is known
 */
export function createSafeAsker(stateDir: () => string | null): SafeAsker {
  return {
    ask(asked, onProgress, signal) {
      const folder = stateDir();
      if (folder === null) return Promise.reject(new Error('there is no journal: no agent has run here'));
      // Unpacks the native part if this is the packed executable.
      sqliteAddon(folder);
      const place = { journalPath: join(folder, 'journal.db'), addonPath: sqliteAddonPath(), realSources: {} };
      const bounds = { namedFiles: limits.screenNamedFiles, provenFiles: 0 };
      return startSafe({ ...place, ...bounds, ...asked }, { onProgress }, signal);
    },
  };
}
