import { isRunning } from '../file.ts';
import type { CoreState, RouteState } from '../state.ts';

/** Bytes that running copies have yet to write. */
export function reservedBytes(state: CoreState, route: RouteState): number {
  let bytes = 0;
  for (const status of ['COPYING', 'GROWING_COPY'] as const) {
    for (const id of route.byStatus[status]) {
      const file = state.files.get(id);
      if (file !== undefined && isRunning(file)) bytes += Math.max(0, file.fingerprint.sizeBytes - file.copiedBytes);
    }
  }
  return bytes;
}
