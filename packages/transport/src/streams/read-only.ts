import { closeQuietly } from '@sluice/platform';
import type { OpenFile } from '../storage/storage.ts';

/** Works with a file that is only read, and closes it whatever happens: that close has nothing to report. */
export async function readOnly<T>(file: OpenFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    void closeQuietly(file);
  }
}
