import type { ChildChannel } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';

/** The first message to an intake process. */
export interface IntakeInit {
  readonly route: RouteSettings;
}

/** These waits count from now on. Other patterns need a new process, which reports every file again. */
export interface ConfigureIntake {
  readonly kind: 'configure';
  readonly route: RouteSettings;
}

/** With the UUIDs of all destinations of the agent, as far as they are known. */
export type IntakeCommand = Extract<Effect, { kind: 'list_source' | 'check_paths' }> & { readonly ownMarkers?: readonly string[] };
/** A command to list the source. */
export type ScanCommand = Extract<IntakeCommand, { kind: 'list_source' }>;
/** A command to check single paths. */
export type CheckCommand = Extract<IntakeCommand, { kind: 'check_paths' }>;

type IntakeEventKind =
  | 'source_state'
  | 'source_listed'
  | 'entries_seen'
  | 'paths_noticed'
  | 'paths_checked'
  | 'listing_completed'
  | 'listing_failed';
/** A message of an intake process. */
export type IntakeMessage = Extract<Event, { kind: IntakeEventKind }>;

/** The channel of an intake process. */
export type IntakeChannel = ChildChannel<IntakeCommand | ConfigureIntake, IntakeMessage>;
