import type { ContentHash, DestinationMount, Side } from '@sluice/core/model';
import { copyLimits } from '../limits.ts';
import { isDirectRefused, type OpenFile, type Storage } from '../storage/storage.ts';
import { type Buffers, createBuffers, type Hashing, hashOfFile, loadHashing, readOnly } from '../streams/read-chunks.ts';
import { provenBy } from './source-and-readback.ts';

/** The result of reading a whole file. */
export interface ContentRead {
  /** Null: the file does not have the expected size. */
  readonly hash: ContentHash | null;
  /** `direct`: the bytes came from the storage. `cached`: they may have come from a cache of this machine. */
  readonly readback: 'direct' | 'cached';
  /** The file's metadata when it was opened. */
  readonly facts: OpenFile['atOpen'];
}

/** A file to be read from its beginning to its end. */
export interface ContentQuestion {
  readonly storage: Storage;
  readonly side: Side;
  /** Relative to the root of the storage. */
  readonly name: string;
  /** The expected size, bytes. */
  readonly sizeBytes: number;
  /** The mount on which the destination was found; null: a file of a source, whose mount does not matter. */
  readonly mount: DestinationMount | null;
  /** Called after each piece, with the bytes read so far. */
  readonly onRead: (bytes: number) => void;
}

/** Reads whole files, one at a time, to compare them with their records in the journal. */
export class ContentReader {
  readonly #hashing: Hashing;
  readonly #buffers: Buffers = createBuffers(copyLimits.chunkBytes, copyLimits.chunksAhead, 1);

  private constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  static async load(): Promise<ContentReader> {
    return new ContentReader(await loadHashing());
  }

  /**
   * Reads a file, past the page cache if possible.
   *
   * @throws the errno of the failed call; SHORT if the file ends before the size in its metadata
   */
  async read(question: ContentQuestion): Promise<ContentRead> {
    try {
      return await this.#readOpened(question, await question.storage.open(question.name, 'read_direct'));
    } catch (error) {
      if (!isDirectRefused(error)) throw error;
      return await this.#readOpened(question, await question.storage.open(question.name, 'read'));
    }
  }

  async #readOpened(question: ContentQuestion, file: OpenFile): Promise<ContentRead> {
    const { side, name, sizeBytes, mount, onRead } = question;
    const buffers = this.#buffers.acquire(sizeBytes);
    const read = await readOnly(file, async (): Promise<ContentRead> => {
      const readback = mount === null ? (file.isDirect ? 'direct' : 'cached') : provenBy(file, mount);
      const facts = file.atOpen;
      if (facts.sizeBytes !== sizeBytes) return { hash: null, readback, facts };
      const reading = { side, name, sizeBytes, buffers, onRead: (done: number) => onRead(Math.round(done * sizeBytes)) };
      const hash = await hashOfFile({ hashing: this.#hashing, limits: copyLimits }, file, reading);
      return { hash, readback, facts };
    });
    // Not after a failure: a read may still be under way and write into the buffers.
    this.#buffers.giveBack(buffers);
    return read;
  }
}
