/** A message as it goes over the control socket: its length in a header, then the text. */
export function frame(text: string): string {
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
