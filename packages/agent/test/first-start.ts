import { type CoreState, type JournalImage, restoreState } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';

/** Settings of an agent with these routes. */
export function settingsFor(routes: readonly RouteSettings[], lanes = 1) {
  return { agentId: '0a0b0c0d', lanes, growingLanes: 1, smallSizeBytes: 0, attentionAfterMs: 60_000, routes };
}

/** Returns an empty journal, and the state of an agent that starts with it. Milliseconds. */
export function firstStart(
  routes: readonly RouteSettings[],
  { lanes = 1, at = 0, wall = 0 }: { readonly lanes?: number; readonly at?: number; readonly wall?: number } = {},
): { readonly image: JournalImage; readonly state: CoreState } {
  const image = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };
  return { image, state: restoreState({ settings: settingsFor(routes, lanes), image, untilIdle: false, at, wall }) };
}
