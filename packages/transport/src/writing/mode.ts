import { errnoOf } from '@sluice/platform';
import type { LaneDependencies } from '../task/task.ts';

/** Never wider than the file that was read: the mode of the order is that of whatever had its path when it was listed. */
export function fileMode(dependencies: LaneDependencies, order: { readonly mode: number }, sourceMode: number | null): number {
  return (dependencies.route.destinationMode?.file ?? order.mode & (sourceMode ?? 0o777)) & 0o777;
}

/** What a destination answers that does not let mode or times be set. */
const refusals: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EROFS']);

/** Sets a mode or times. @returns the errno of a refusal, or null */
export async function refusalOf(call: () => Promise<void>): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (refusals.has(errnoOf(error))) return errnoOf(error);
    throw error;
  }
}
