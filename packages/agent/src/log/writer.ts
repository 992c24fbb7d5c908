import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { streamWriter, type WriteSome } from '@sluice/platform';

/**
 * Opens standard output or error for writes that do not block. A write to a file never stalls; pipes and terminals are opened
 * again, unshared and non-blocking, where the system can do that.
 *
 * @param descriptor 1 or 2
 */
export function openWriter(descriptor: 1 | 2): WriteSome {
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile()) return (bytes) => writeSync(descriptor, bytes);
    if (process.platform === 'linux' && (stats.isFIFO() || stats.isCharacterDevice())) {
      const own = openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      return (bytes) => writeSync(own, bytes);
    }
  } catch {
    // closed, or a terminal that is not ours to open
  }
  return streamWriter(descriptor === 1 ? process.stdout : process.stderr);
}
