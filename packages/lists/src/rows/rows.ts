import { isRecovered, type Listed } from './listed.ts';
import { type ScreenTab, tabHas } from './tabs.ts';

/** What of the files a list shows. */
export interface RowRules {
  readonly tab: ScreenTab;
  /** FAILED files that have a recovery are left out. */
  readonly hideRecovered: boolean;
}

/** The rows that one file brings into a list. */
export interface Rows {
  readonly own: boolean;
  /** The FAILED file that it recovers, right above its own row. */
  readonly original: boolean;
}

const none: Rows = { own: false, original: false };

/**
 * A FAILED original stands above its recovery, wherever that is listed; only where that is not, it has a place of its own. Of
 * many attempts for one source, the newest and the one before it stand together.
 *
 * @param recovery of a FAILED file, where it is known
 * @param showsOriginal whether what this file recovers can be shown, and is to be
 */
export function rowsOf(rules: RowRules, file: Listed, recovery: Listed | undefined, showsOriginal: boolean): Rows {
  const isIn = tabHas(rules.tab, file);
  if (isRecovered(file)) {
    if (rules.hideRecovered || !isIn) return none;
    const isAttached = recovery !== undefined && recovery.recoveredBy === null && tabHas(rules.tab, recovery);
    return isAttached ? none : { own: true, original: false };
  }
  if (!isIn) return none;
  return { own: true, original: file.recoveryOf !== null && showsOriginal && !rules.hideRecovered };
}
