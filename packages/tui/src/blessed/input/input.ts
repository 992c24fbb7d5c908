import { StringDecoder } from 'node:string_decoder';
import { type InputToken, inputTokens } from './input-tokens.ts';

/** Standard input, which is a terminal; a stream in tests. */
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

/** Reads keys from a terminal. */
export interface TerminalReader {
  /** Turns raw mode on: keys come one by one, and the terminal does not show them. */
  open(): void;
  /** Turns raw mode off: the terminal shows and edits lines again. */
  close(): void;
}

/**
 * Returns a reader, which is closed at first.
 * @param onToken gets complete keys and pasted text
 * @param onLost called when no more input will come
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
      // The terminal is gone, so there is nothing to set.
    }
  };
  return {
    open: () => {
      if (isOpen) return;
      isOpen = true;
      decoder = new StringDecoder('utf8');
      // Node sets only changes, and the terminal may have been changed by others.
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
      // Nothing more is read, and a terminal on which nobody types must not keep the process running.
      stream.unref?.();
    },
  };
}
