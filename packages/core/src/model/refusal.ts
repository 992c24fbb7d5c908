import type { Finding } from './fault.ts';
import type { GateCause } from './probe.ts';

/** Why a request of an operator cannot be carried out. */
export type Refusal =
  | { readonly kind: 'route_not_configured'; readonly route: string }
  | { readonly kind: 'unknown_route'; readonly route: string; readonly routes: readonly string[] }
  | { readonly kind: 'nothing_left' }
  | { readonly kind: 'name_invalid' }
  | { readonly kind: 'about_to_be_copied' }
  | { readonly kind: 'not_settled' }
  | { readonly kind: 'route_held'; readonly by: string }
  | { readonly kind: 'being_published' }
  | { readonly kind: 'skipped_already' }
  | { readonly kind: 'file_held' }
  | { readonly kind: 'completed' }
  | { readonly kind: 'source_gone' }
  | { readonly kind: 'being_copied' }
  | { readonly kind: 'nothing_to_acknowledge' }
  | { readonly kind: 'not_held' }
  | { readonly kind: 'no_leftovers' }
  | { readonly kind: 'destination_online' }
  | {
      readonly kind: 'destination_offline';
      readonly destination: string;
      readonly cause: GateCause | null;
      readonly code: string | null;
      readonly finding: Finding;
    };
