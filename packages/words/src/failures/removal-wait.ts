import { type RemovalWait, unreachable } from '@sluice/core/model';

/** Returns why a source file that is to be removed stays for now. */
export function removalWaitText(wait: RemovalWait): string {
  switch (wait.kind) {
    case 'open_for_writing':
      return 'a program has it open for writing';
    case 'changed':
      return 'it is not as it was copied';
    case 'compared_again':
      return 'its bytes are being compared with its copy again';
    case 'other_route':
      return `route ${wait.route} reads it too and has not copied it as it is`;
    case 'other_destination':
      return `route ${wait.route} has another destination than the one that it was copied to`;
    default:
      return unreachable(wait);
  }
}
