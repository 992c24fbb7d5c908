import { deltaBetween, type ScreenFrame, type ScreenOutlet, type ScreenWindow } from '@sluice/control';
import type { FileList } from '@sluice/lists';
import type { ScreenFiles } from './files.ts';
import { screenLimits as limits } from './limits.ts';

/** What a client watches: a window of a list. */
interface Viewed {
  readonly list: FileList;
  readonly window: ScreenWindow;
}

const never = Number.NEGATIVE_INFINITY;

/** One client that watches: what it requested, what it was sent last, and when it is due. All times are monotonic. */
export class Watcher {
  readonly outlet: ScreenOutlet;
  #viewed: Viewed | null = null;
  /** The frame that the client has, or will have when it has read what was sent. */
  #lastFrame: ScreenFrame | null = null;
  #asking: readonly PromiseWithResolvers<ScreenFrame>[] = [];
  #askedAt = never;
  /** No change is sent before this moment. */
  #nextAt = never;

  constructor(outlet: ScreenOutlet) {
    this.outlet = outlet;
  }

  get viewed(): Viewed | null {
    return this.#viewed;
  }

  /** The number of the next frame. */
  get nextSeq(): number {
    return (this.#lastFrame?.seq ?? 0) + 1;
  }

  /** When a change may be sent. Infinite for a client that has not requested a window. */
  get nextAt(): number {
    return this.#viewed === null ? Number.POSITIVE_INFINITY : this.#nextAt;
  }

  /** Replaces the window. The next frame answers all requests before it. */
  ask(viewed: Viewed, at: number): Promise<ScreenFrame> {
    this.#viewed = viewed;
    this.#askedAt = at;
    const asking = Promise.withResolvers<ScreenFrame>();
    this.#asking = [...this.#asking, asking];
    return asking.promise;
  }

  /**
   * Returns whether a frame is to be made now. An answer is due when its list is complete or its wait is over, a change when its
   * time has come.
   */
  isDue(files: Pick<ScreenFiles, 'isComplete'>, at: number): boolean {
    if (this.#viewed === null) return false;
    if (this.#asking.length === 0) return this.#nextAt <= at;
    const waitMs = this.#lastFrame === null ? limits.firstAnswerMs : limits.answerMs;
    return files.isComplete(this.#viewed.list) || at - this.#askedAt >= waitMs;
  }

  /** Returns false if the client has not read the last change. When it has, it gets all changes since. */
  canReceive(): boolean {
    return this.#asking.length > 0 || this.outlet.hasRead();
  }

  /** Sends no change before `limits.deltaEveryMs` have passed. */
  postpone(at: number): void {
    this.#nextAt = at + limits.deltaEveryMs;
  }

  /** Answers open requests. If there are none, sends what has changed, if anything. */
  deliver(frame: ScreenFrame): void {
    const isAsked = this.#asking.length > 0;
    const delta = this.#lastFrame === null || isAsked ? null : deltaBetween(this.#lastFrame, frame);
    if (!isAsked && delta === null) return;
    const answered = this.#asking;
    this.#lastFrame = frame;
    this.#asking = [];
    for (const { resolve } of answered) resolve(frame);
    if (delta !== null) this.outlet.send(delta);
  }

  /** Ends the watching. Open requests are rejected. */
  end(error: Error): void {
    const rejected = this.#asking;
    this.#viewed = null;
    this.#asking = [];
    for (const { reject } of rejected) reject(error);
  }
}
