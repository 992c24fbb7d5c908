import { FrameError } from '../protocol/frames.ts';

/** The unanswered requests of one client. */
export class OpenRequests {
  readonly #max: number;
  readonly #ids = new Set<string | number>();
  #onAnswered: (() => void) | null = null;

  /** @param max a client with more is dropped */
  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#ids.size;
  }

  /** @throws FrameError if the id is in use, or there are too many requests */
  add(id: string | number): void {
    if (this.#ids.has(id)) throw new FrameError('an id that is not answered yet');
    if (this.#ids.size >= this.#max) throw new FrameError(`more than ${this.#max} requests at once`);
    this.#ids.add(id);
  }

  answered(id: string | number): void {
    this.#ids.delete(id);
    this.#onAnswered?.();
    this.#onAnswered = null;
  }

  /** Resolves when fewer than `count` are open. Only one caller may wait. */
  async fewerThan(count: number): Promise<void> {
    while (this.#ids.size >= count) {
      await new Promise<void>((resolve) => {
        this.#onAnswered = resolve;
      });
    }
  }
}
