import { type CoreState, viewRemovals } from '@sluice/core';
import { removalLines, selectionText } from '@sluice/words';
import type { Log } from './log.ts';

/** Logs what an agent leaves that ends because it is idle. @param wall milliseconds since the epoch */
export function logEnd(state: CoreState, log: Log, wall: number): void {
  logSelections(state, log);
  logRemovals(state, log, wall);
  logNotCompared(state, log);
}

/** Logs at the end which files were not copied because of the rules. The user may be waiting for one of them. */
function logSelections({ routes }: CoreState, log: Log): void {
  for (const [name, { source }] of routes) {
    const text = selectionText(source.selection);
    if (text !== null) log.forRoute(name)[source.selection.unmatched.length > 0 ? 'warn' : 'info'](`at the end, ${text}`);
  }
}

/** A file that may have changed, or may be another one, has to be read. */
function logNotCompared({ routes }: CoreState, log: Log): void {
  for (const [name, { rechecks }] of routes) {
    const [first] = rechecks.values();
    if (first === undefined) continue;
    const files = rechecks.size === 1 ? '1 copied file' : `${rechecks.size} copied files`;
    log.forRoute(name).warn(`at the end, ${files} at the source could not be read to compare with the copy, such as ${first.entry.path}`);
  }
}

/** What is to be removed later is removed by a later run. */
function logRemovals(state: CoreState, log: Log, wall: number): void {
  for (const [name, route] of state.routes) {
    const removals = viewRemovals(state, route);
    for (const line of removals === null ? [] : removalLines(removals, '', wall)) log.forRoute(name).info(`at the end, ${line}`);
  }
}
