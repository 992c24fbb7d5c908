import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';

/** Writes some of the bytes and returns how many; throws EAGAIN where it would block. */
export type WriteSome = (bytes: Uint8Array) => number;

/** What Node's stream may hold for a reader that stalls. */
const mostQueuedBytes = 65_536;

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

/** For all else: Node's stream, which queues for pipes and sockets by itself. */
function streamWriter(stream: NodeJS.WriteStream): WriteSome {
  let failure: Error | null = null;
  stream.on('error', (error) => {
    failure = error;
  });
  return (bytes) => {
    if (failure !== null) throw failure;
    if (stream.writableLength > mostQueuedBytes) throw Object.assign(new Error('the reader stalls'), { code: 'EAGAIN' });
    stream.write(Buffer.from(bytes));
    return bytes.length;
  };
}
