import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';

/** The first message to a process that removes source files. */
export interface RemoverInit {
  readonly route: RouteSettings;
}

/** A command to a remover. */
export type RemoverCommand = Extract<Effect, { kind: 'remove_source' }>;
/** The answer of a remover. */
export type RemoverMessage = Extract<Event, { kind: 'removal_reported' }>;
