import { once } from 'node:events';
import net, { type Socket } from 'node:net';

/** Returns a message in the form of the control socket: its length in a header, then the text. */
export function frame(text: string): string {
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Connects a client that sends raw bytes. */
export async function rawClient(address: string): Promise<Socket> {
  const socket = net.connect({ path: address });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the socket is closed. */
export function closed(socket: Socket): Promise<unknown> {
  socket.resume();
  return socket.closed ? Promise.resolve() : once(socket, 'close');
}
