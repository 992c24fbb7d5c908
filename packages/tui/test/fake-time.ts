import type { ScreenTime } from '../src/model/time.ts';

/** Time that advances only when the test says so. */
export class FakeTime implements ScreenTime {
  private at = 0;
  private waiting: { readonly at: number; readonly work: () => void }[] = [];

  now(): number {
    return 1_790_000_000_000 + this.at;
  }

  monotonic(): number {
    return this.at;
  }

  after(ms: number, work: () => void): () => void {
    const entry = { at: this.at + ms, work };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  /** Lets this much time pass, with everything that happens in it. */
  pass(ms: number): void {
    const end = this.at + ms;
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.waiting = this.waiting.filter((other) => other !== next);
      this.at = next.at;
      next.work();
    }
    this.at = end;
  }

  pending(): number {
    return this.waiting.length;
  }

  private next(end: number) {
    return this.waiting.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
  }
}
