import { join } from 'node:path';
import { drop, record } from './recorder.ts';

/** The recorders of the tour. */
export interface Recorders {
  /** One more begins to record. @returns its file's name; null: there are enough */
  another(): string | null;
  record(name: string, seconds: number): void;
  drop(name: string, sizeBytes: number): Promise<void>;
  /** Ends every recording early; the files are closed. */
  close(): Promise<void>;
}

/** Of those that the guest starts: the folder is on a disk that others use. */
const maxStarted = 8;
const bytesPerSecond = 4_000_000;
const startedSeconds = 15;

export function startRecorders(folder: string): Recorders {
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  let started = 0;

  const begin = (name: string, seconds: number): void => {
    const { done } = record(join(folder, name), bytesPerSecond, seconds, ending.signal);
    const closed = done.finally(() => running.delete(closed));
    running.add(closed);
  };
  return {
    another() {
      if (started >= maxStarted) return null;
      const name = `cam-${String.fromCharCode('e'.charCodeAt(0) + started)}.mxf`;
      started += 1;
      begin(name, startedSeconds);
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
