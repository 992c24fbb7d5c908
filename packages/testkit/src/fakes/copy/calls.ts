import { type CopyOrder, type CopyReport, type DestinationMount, isOtherFile, type Side } from '@sluice/core/model';
import type { SimClock } from '../../sim-clock.ts';
import { type Call, callDestination, callSource, type Life } from '../call.ts';
import type { CallKind, FakeDestination } from '../destination.ts';
import type { Content, OpenSource, ReadableSource } from '../source-calls.ts';

/** What all copies of one carrier share. */
export interface CopyDependencies {
  readonly clock: SimClock;
  readonly source: ReadableSource;
  readonly destination: FakeDestination;
  /** Bytes that a copy moves in a millisecond. */
  readonly bytesPerMs: number;
  readonly stallAfterMs: number;
  readonly quietForMs: number;
  report(life: Life, order: Pick<CopyOrder, 'route' | 'fileId' | 'copyId'>, report: CopyReport): void;
}

/** Errors of an exclusive create that has created nothing. */
const createRefusals: ReadonlySet<string> = new Set(['EROFS', 'ENOSPC', 'EACCES', 'EAGAIN', 'ENAMETOOLONG']);

/** Returns whether the probed destination is mounted. */
export function isMounted(destination: FakeDestination, { mountId, marker }: DestinationMount): boolean {
  const isSameMarker = marker === undefined || marker === destination.marker();
  return isSameMarker && (mountId === null || mountId === destination.disk().mountId);
}

/** The calls of one copy, and its reports about them. */
export class CopyCalls {
  readonly life: Life = { isAlive: true, isUnheard: false };
  order: CopyOrder;
  opened: OpenSource | null = null;
  copiedBytes = 0;
  readonly #dependencies: CopyDependencies;
  #outstanding = 0;
  #whenSettled: (() => void)[] = [];

  constructor(dependencies: CopyDependencies, order: CopyOrder) {
    this.#dependencies = dependencies;
    this.order = order;
  }

  /** Returns the name that the copy is or was written to. */
  target(): string {
    return this.order.part ?? this.order.destination;
  }

  report(report: CopyReport): void {
    this.#dependencies.report(this.life, this.order, report);
  }

  fail(side: Side, code: string, operation: string): void {
    const fault = { side, code, operation, message: `simulated ${code}` };
    const failed = { kind: 'failed' as const, fault, syncedBytes: this.copiedBytes, sizeBytes: this.opened?.content().sizeBytes ?? 0 };
    const isUncreated = side === 'destination' && operation === 'create' && createRefusals.has(code);
    this.report(isUncreated ? { ...failed, isUncreated } : failed);
  }

  /** Makes a call to the destination. */
  out(kind: CallKind, name: string, operation: string, done: () => void): void {
    this.#outstanding += 1;
    callDestination(this.#dependencies, this.#dependencies.destination, kind, name, this.#call(operation, done));
  }

  /** Makes a call to the source. */
  read(operation: string, done: () => void): void {
    this.#outstanding += 1;
    callSource(this.#dependencies, this.#dependencies.source, this.order.source, this.#call(operation, done));
  }

  /** @returns false if the source file is missing or is another file, which has been reported */
  open(): boolean {
    this.opened = this.#dependencies.source.open(this.order.source);
    if (this.opened === null) {
      this.fail('source', 'ENOENT', 'open');
      return false;
    }
    const isOther = isOtherFile(this.order.sourceIdentity, { device: '1', inode: this.opened.inode });
    if (isOther) this.fail('source', 'CHANGED', 'open');
    return !isOther;
  }

  /** @returns false if the destination is another one than the probed one, which has been reported */
  isOnMount(): boolean {
    const isThere = isMounted(this.#dependencies.destination, this.order.mount);
    if (!isThere) this.fail('destination', 'DIVERTED', 'open');
    return isThere;
  }

  /** @returns null if another file has the source's path now, which has been reported */
  stat(): { content: Content; isGone: boolean } | null {
    const inode = this.#dependencies.source.inode(this.order.source);
    if (this.opened === null || (inode !== null && inode !== this.opened.inode)) {
      this.fail('source', 'CHANGED', 'stat');
      return null;
    }
    return { content: this.opened.content(), isGone: inode === null };
  }

  /** Runs `work` once no call is outstanding. */
  whenSettled(work: () => void): void {
    if (this.#outstanding === 0) work();
    else this.#whenSettled.push(work);
  }

  #call(operation: string, done: () => void): Call {
    return {
      operation,
      life: this.life,
      returned: () => this.#returned(),
      stalled: (side, what, sinceMs) => this.report({ kind: 'stalled', side, operation: what, sinceMs }),
      failed: (side, code, what) => this.#failed(side, code, what),
      done,
    };
  }

  #failed(side: Side, code: string, operation: string): void {
    const isHeld = side === 'source' && code === 'EBUSY' && operation === 'preflight';
    if (isHeld) this.report({ kind: 'held_by_writer', code });
    else this.fail(side, code, operation);
  }

  #returned(): void {
    this.#outstanding -= 1;
    if (this.#outstanding > 0) return;
    const works = this.#whenSettled;
    this.#whenSettled = [];
    for (const work of works) work();
  }
}
