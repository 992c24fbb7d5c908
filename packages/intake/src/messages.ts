import type { ChildChannel } from '@sluice/child';
import type { Effect, Event, RouteSettings } from '@sluice/core';

export interface IntakeInit {
  readonly route: RouteSettings;
}

/** With the UUIDs of all destinations of the agent, as far as they are known. */
export type IntakeCommand = Extract<Effect, { kind: 'list_source' | 'look' }> & { readonly ownMarkers?: readonly string[] };
export type ScanCommand = Extract<IntakeCommand, { kind: 'list_source' }>;
export type CheckCommand = Extract<IntakeCommand, { kind: 'look' }>;

type IntakeEventKind = 'source_state' | 'entries_seen' | 'paths_noticed' | 'looked' | 'listing_completed' | 'listing_failed';
export type IntakeMessage = Extract<Event, { kind: IntakeEventKind }>;

export type IntakeChannel = ChildChannel<IntakeCommand, IntakeMessage>;
