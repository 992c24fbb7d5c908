import type { ContentHash, DestinationMount, Side } from '@sluice/core/model';
import { copyLimits } from '../limits.ts';
import { isDirectRefused, type OpenFile, type Storage } from '../storage/storage.ts';
import { type Buffers, createBuffers, type Hashing, hashOfFile, loadHashing, readOnly } from '../streams/read-chunks.ts';
import { provenBy } from './source.ts';

/** What reading a file at rest found. */
export interface ContentRead {
  /** Null: it has more or fewer bytes than it was asked for. */
  readonly hash: ContentHash | null;
  /** Whether the storage itself answered, or possibly a cache of this machine. */
  readonly readback: 'direct' | 'cached';
  /** Size, modification time and which file it is, when it was opened. */
  readonly facts: OpenFile['atOpen'];
}

/** A file to be read from its beginning to its end. */
export interface ContentQuestion {
  readonly storage: Storage;
  readonly side: Side;
  /** Relative to the root of the storage. */
  readonly name: string;
  /** Size that it should have, bytes. */
  readonly sizeBytes: number;
  /** Where the destination was found; null: a source, whose mount does not matter. */
  readonly mount: DestinationMount | null;
  /** Called after each piece, with the bytes read so far. */
  readonly onRead: (bytes: number) => void;
}

/** Reads whole files, one after the other, for a comparison with what the journal says of them. */
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
   * Reads a file past the page cache where that is possible.
   *
   * @throws the errno of the call that failed; SHORT where the file ends before the size that its metadata says
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
    // After a failure a read may still be under way, and write into them.
    this.#buffers.giveBack(buffers);
    return read;
  }
}
