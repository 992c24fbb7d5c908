import type { FileEvent } from '@sluice/core';
import type { ReadbackMethod } from '@sluice/core/model';

/** Returns what became of a file that is COMPLETED. @param readback of what was copied; null: nothing was */
export function completedText(readback: ReadbackMethod | null, event: FileEvent): string {
  if (event.kind === 'linked') return `its copy ${event.from} has this name too, compared and linked`;
  if (readback === 'size') return 'copied, compared by size only';
  return readback === null ? 'the same bytes are already at the destination' : 'copied and verified';
}
