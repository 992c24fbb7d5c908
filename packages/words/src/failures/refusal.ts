import { type Refusal, unreachable } from '@sluice/core/model';
import { findingText } from './finding.ts';

/** Returns why a request cannot be carried out. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'route_not_configured':
      return `its route ${JSON.stringify(refusal.route)} is no longer configured`;
    case 'unknown_route':
      return `there is no route ${JSON.stringify(refusal.route)}; the routes are ${refusal.routes.join(', ')}`;
    case 'nothing_left':
      return 'it has ended; there is nothing left to do';
    case 'name_invalid':
      return 'its name is not valid UTF-8; rename it at the source';
    case 'about_to_be_copied':
      return 'it is about to be copied';
    case 'not_settled':
      return 'it is copied as soon as it stops changing';
    case 'route_held':
      return `its route is held by ${refusal.by}; release the route`;
    case 'being_published':
      return 'its copy is verified and is getting its final name';
    case 'skipped_already':
      return 'it is already skipped';
    case 'file_held':
      return 'it is skipped or needs you; retry it first';
    case 'completed':
      return 'it is already copied and verified';
    case 'source_gone':
      return 'it is no longer at the source';
    case 'being_copied':
      return 'it is being copied';
    case 'nothing_to_acknowledge':
      return 'no file vanished before it was copied';
    case 'not_held':
      return 'it is not held';
    case 'no_leftovers':
      return 'it has no leftover that a complete copy has replaced';
    case 'destination_online':
      return 'its destination is online and is the known one; there is nothing to adopt';
    case 'destination_offline':
      return `its destination is offline (${findingText(refusal).operator}), so its content is unknown; try again when it is online`;
    default:
      return unreachable(refusal);
  }
}
