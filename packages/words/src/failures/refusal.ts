import { type Refusal, unreachable } from '@sluice/core/model';
import { findingText } from './finding.ts';

/** Returns why something that was requested cannot be done. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'route_not_configured':
      return `its route ${JSON.stringify(refusal.route)} is no longer configured`;
    case 'unknown_route':
      return `there is no route ${JSON.stringify(refusal.route)}; there are ${refusal.routes.join(', ')}`;
    case 'nothing_left':
      return 'it has ended, and nothing is left to do';
    case 'name_invalid':
      return 'its name is not valid UTF-8; rename it at the source';
    case 'about_to_be_copied':
      return 'it is about to be copied';
    case 'not_settled':
      return 'it is copied as soon as it stops changing';
    case 'route_held':
      return `its route is held by ${refusal.by}; release the route`;
    case 'being_published':
      return 'it is copied and gets its final name just now';
    case 'skipped_already':
      return 'it is skipped already';
    case 'file_held':
      return 'it is held; retry it';
    case 'completed':
      return 'it is copied and verified already';
    case 'source_gone':
      return 'it is gone from the source';
    case 'being_copied':
      return 'it is being copied';
    case 'nothing_to_acknowledge':
      return 'nothing of it has vanished';
    case 'not_held':
      return 'it is not held';
    case 'destination_online':
      return 'its destination is online, and the known one';
    case 'destination_offline':
      return `its destination is offline (${findingText(refusal).operator}); its content cannot be known`;
    default:
      return unreachable(refusal);
  }
}
