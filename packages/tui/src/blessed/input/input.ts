import { StringDecoder } from 'node:string_decoder';
import { type InputToken, inputTokens } from './input-tokens.ts';

/** Standard input, a terminal; a stream, for tests. */
export interface TerminalInput {
  on(event: 'data', listener: (data: Uint8Array) => void): unknown;
  on(event: 'end' | 'close' | 'error', listener: () => void): unknown;
  removeListener(event: 'data', listener: (data: Uint8Array) => void): unknown;
  removeListener(event: 'end' | 'close' | 'error', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
  setRawMode?(isRaw: boolean): unknown;
  unref?(): unknown;
  ref?(): unknown;
}

export interface TerminalReader {
  /** Keys come one by one, and are not shown by the terminal. */
  open(): void;
  /** The terminal shows and edits lines again. */
  close(): void;
}

/**
 * @param onToken whole keys and pasted text
 * @param onLost nothing will come any more
 */
export function terminalReader(stream: TerminalInput, onToken: (token: InputToken) => void, onLost: () => void): TerminalReader {
  const tokens = inputTokens();
  let decoder = new StringDecoder('utf8');
  let timer: NodeJS.Timeout | null = null;
  let isOpen = false;

  const report = (list: readonly InputToken[]): void => {
    for (const token of list) if (isOpen) onToken(token);
  };
  const stopWaiting = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const onData = (data: Uint8Array): void => {
    stopWaiting();
    report(tokens.push(decoder.write(Buffer.from(data))));
    const waitMs = tokens.waitMs();
    if (waitMs !== null) timer = setTimeout(() => report(tokens.flush()), waitMs);
  };
  const setRaw = (isRaw: boolean): void => {
    try {
      stream.setRawMode?.(isRaw);
    } catch {
      // the terminal is gone: there is nothing to set
    }
  };
  return {
    open: () => {
      if (isOpen) return;
      isOpen = true;
      decoder = new StringDecoder('utf8');
      // Whatever the terminal was set to meanwhile: only a change is set.
      setRaw(false);
      setRaw(true);
      stream.on('data', onData);
      for (const event of ['end', 'close', 'error'] as const) stream.on(event, onLost);
      stream.ref?.();
      stream.resume();
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      stopWaiting();
      tokens.flush();
      stream.removeListener('data', onData);
      for (const event of ['end', 'close', 'error'] as const) stream.removeListener(event, onLost);
      stream.pause();
      setRaw(false);
      // Nothing more is read, and a terminal that nobody types on must not keep the process.
      stream.unref?.();
    },
  };
}
