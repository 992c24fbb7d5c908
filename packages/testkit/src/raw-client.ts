import { once } from 'node:events';
import net, { type Socket } from 'node:net';

/** A message as it goes over the control socket: its length in a header, then the text. */
export function frame(text: string): string {
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** A client that speaks bytes. */
export async function rawClient(address: string): Promise<Socket> {
  const socket = net.connect({ path: address });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

export function closed(socket: Socket): Promise<unknown> {
  socket.resume();
  return socket.closed ? Promise.resolve() : once(socket, 'close');
}
