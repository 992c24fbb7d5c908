import type { ChildChannel } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';

export interface IntakeInit {
  readonly route: RouteSettings;
}

/** With the UUIDs of all destinations of the agent, as far as they are known. */
export type IntakeCommand = Extract<Effect, { kind: 'list_source' | 'check_paths' }> & { readonly ownMarkers?: readonly string[] };
export type ScanCommand = Extract<IntakeCommand, { kind: 'list_source' }>;
export type CheckCommand = Extract<IntakeCommand, { kind: 'check_paths' }>;

type IntakeEventKind = 'source_state' | 'entries_seen' | 'paths_noticed' | 'paths_checked' | 'listing_completed' | 'listing_failed';
export type IntakeMessage = Extract<Event, { kind: IntakeEventKind }>;

export type IntakeChannel = ChildChannel<IntakeCommand, IntakeMessage>;
