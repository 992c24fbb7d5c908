import { limits } from './limits.ts';

/** Writes some of the bytes and returns how many. @throws EAGAIN if it would block */
export type WriteSome = (bytes: Uint8Array) => number;

/** Returns a function that writes through Node's stream, which does the queueing for pipes, sockets and the terminals of Windows. */
export function streamWriter(stream: NodeJS.WriteStream): WriteSome {
  let failure: Error | null = null;
  stream.on('error', (error) => {
    failure = error;
  });
  return (bytes) => {
    if (failure !== null) throw failure;
    if (stream.writableLength > limits.queuedBytes) throw Object.assign(new Error('the reader stalls'), { code: 'EAGAIN' });
    stream.write(Buffer.from(bytes));
    return bytes.length;
  };
}
