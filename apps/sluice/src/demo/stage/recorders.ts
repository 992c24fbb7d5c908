import { join } from 'node:path';
import { demoLimits } from '../limits.ts';
import { drop, record } from './recorder.ts';

/** The recorders of the tour. */
export interface Recorders {
  /** Starts another recorder. @returns the name of its file, or null if there are enough */
  another(): string | null;
  record(name: string, seconds: number): void;
  drop(name: string, sizeBytes: number): Promise<void>;
  /** Ends every recording early, and closes the files. */
  close(): Promise<void>;
}

/** Returns recorders that write into this folder. */
export function startRecorders(folder: string): Recorders {
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  let started = 0;

  const begin = (name: string, seconds: number): void => {
    const { done } = record(join(folder, name), demoLimits.recorderBytesPerSecond, seconds, ending.signal);
    const closed = done.finally(() => running.delete(closed));
    running.add(closed);
  };
  return {
    another() {
      if (started >= demoLimits.startedRecorders) return null;
      const name = `cam-${String.fromCharCode('e'.charCodeAt(0) + started)}.mxf`;
      started += 1;
      begin(name, demoLimits.startedSeconds);
      return name;
    },
    record: begin,
    drop: (name, sizeBytes) => drop(join(folder, name), sizeBytes),
    async close() {
      ending.abort();
      await Promise.all(running);
    },
  };
}
