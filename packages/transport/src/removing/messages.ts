import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import type { OtherSource } from './folders.ts';

/** The first message to a process that removes source files. */
export interface RemoverInit {
  readonly route: RouteSettings;
}

/** A command to a remover, with the sources of all other routes. */
export type RemoverCommand = Extract<Effect, { kind: 'remove_source' }> & { readonly otherSources: readonly OtherSource[] };
/** The answer of a remover. */
export type RemoverMessage = Extract<Event, { kind: 'removal_reported' }>;
