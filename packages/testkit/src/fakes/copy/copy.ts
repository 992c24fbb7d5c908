import { type ContentHash, type CopyOrder, type Fingerprint, isOtherFile } from '@sluice/core/model';
import type { Life } from '../call.ts';
import type { FakeOpenFile } from '../disk.ts';
import type { Content } from '../source-calls.ts';
import { CopyCalls, type CopyDependencies } from './calls.ts';

/** A copy that a carrier runs. */
export interface FakeCopy {
  order: CopyOrder;
  readonly life: Life;
  start(): void;
  compare(): void;
  /** Links the copy with another name to this name, if it has the same bytes. */
  link(from: string): void;
  preflight(): void;
  readBack(): void;
  /** Reads back in a process that has not written the copy. */
  readBackFresh(hash: ContentHash): void;
  followAgain(): void;
  /** Runs `work` when none of its calls is outstanding. A call that completes later would leave a file that nothing tracks. */
  whenSettled(work: () => void): void;
}

const tickMs = 100;
/** Copies up to this size are read back without waiting for the request. */
const readBackAtOnceBytes = 5_000;

/** Returns a simulated copy that has not begun. */
export function createFakeCopy(dependencies: CopyDependencies, order: CopyOrder): FakeCopy {
  return new SimulatedCopy(dependencies, order);
}

class SimulatedCopy implements FakeCopy {
  readonly #dependencies: CopyDependencies;
  readonly #calls: CopyCalls;
  #target: FakeOpenFile | null = null;
  /** The content of the source when it was copied to the end. */
  #settled: Content | null = null;
  #hasGrown = false;

  constructor(dependencies: CopyDependencies, order: CopyOrder) {
    this.#dependencies = dependencies;
    this.#calls = new CopyCalls(dependencies, order);
  }

  get order(): CopyOrder {
    return this.#calls.order;
  }

  set order(order: CopyOrder) {
    this.#calls.order = order;
  }

  get life(): Life {
    return this.#calls.life;
  }

  whenSettled(work: () => void): void {
    this.#calls.whenSettled(work);
  }

  preflight(): void {
    this.#calls.read('preflight', () => this.#calls.out('stat', this.order.destination, 'lstat', () => this.#reportPreflight()));
  }

  start(): void {
    this.#calls.read('open', () => {
      if (this.life.isAlive && this.#calls.open() && this.#calls.isOnMount()) this.#removeParts(this.order.removeFirst);
    });
  }

  compare(): void {
    this.#calls.read('read', () => {
      if (!this.life.isAlive || !this.#calls.open()) return;
      this.#calls.out('read', this.order.destination, 'read', () => this.#reportComparison());
    });
  }

  link(from: string): void {
    this.#calls.read('read', () => {
      if (!this.life.isAlive || !this.#calls.open()) return;
      this.#calls.out('read', from, 'read', () => this.#linkIfSame(from));
    });
  }

  readBack(): void {
    if (this.#dependencies.destination.directRefused()) {
      this.#calls.report({ kind: 'direct_refused' });
      return;
    }
    this.#verify(this.#settled === null ? null : hashOf(this.#settled).value, 'direct', () => this.#pump());
  }

  readBackFresh(hash: ContentHash): void {
    this.#calls.read('open', () => {
      if (!this.life.isAlive) return;
      this.#calls.opened = this.#dependencies.source.open(this.order.source);
      if (this.#calls.opened !== null) this.#verify(hash.value, 'cached', () => {});
      else this.#calls.out('read', this.#calls.target(), 'read', () => this.#reportVerdict(hash.value, 'cached', true));
    });
  }

  followAgain(): void {
    this.#settled = null;
    this.#hasGrown = true;
    this.#pump();
  }

  #reportPreflight(): void {
    if (!this.life.isAlive) return;
    const { source, destination } = this.#dependencies;
    const inode = source.inode(this.order.source);
    const sourceFingerprint = inode === null ? null : source.fingerprint(this.order.source);
    if (inode === null || sourceFingerprint === null) {
      this.#calls.fail('source', 'ENOENT', 'stat');
      return;
    }
    if (!this.#calls.isOnMount()) return;
    const isOther = isOtherFile(this.order.sourceIdentity, { device: '1', inode });
    const existingSizeBytes = destination.content(this.order.destination)?.sizeBytes ?? null;
    const freeBytes = destination.freeBytes();
    this.#calls.report({ kind: 'preflight', preflight: { sourceFingerprint, isOther, existingSizeBytes, freeBytes } });
  }

  #removeParts(parts: readonly string[]): void {
    const [part, ...others] = parts;
    if (!this.life.isAlive) return;
    if (part === undefined) {
      if (this.#calls.isOnMount()) this.#create();
      return;
    }
    this.#calls.out('unlink', part, 'unlink', () => {
      this.#dependencies.destination.unlink(part);
      this.#removeParts(others);
    });
  }

  #create(): void {
    this.#calls.report({ kind: 'creating' });
    const name = this.#calls.target();
    this.#calls.out('create', name, 'create', () => this.#created(this.#dependencies.destination.createExclusive(name)));
  }

  #created(made: FakeOpenFile | null): void {
    if (!this.life.isAlive) return;
    this.#target = made;
    if (made === null) this.#calls.report({ kind: 'name_taken' });
    else {
      this.#calls.report({ kind: 'created', identity: { device: '1', inode: made.inode } });
      this.#pumpAfterTick();
    }
  }

  #pumpAfterTick(): void {
    this.#dependencies.clock.after(tickMs, () => this.#pump());
  }

  /** Copies as much of the source's present content as one tick allows. */
  #pump(): void {
    if (!this.life.isAlive) return;
    this.#calls.read('read', () => {
      if (!this.life.isAlive) return;
      const seen = this.#calls.stat();
      if (seen !== null) this.#calls.out('write', this.#calls.target(), 'write', () => this.#write(seen.content));
    });
  }

  #write({ sizeBytes, stamp }: Content): void {
    if (!this.life.isAlive) return;
    const calls = this.#calls;
    calls.copiedBytes = Math.min(sizeBytes, calls.copiedBytes + Math.floor(tickMs * this.#dependencies.bytesPerMs));
    if (this.#target?.write({ sizeBytes: calls.copiedBytes, stamp: `${stamp}:partial` }) === false) {
      calls.copiedBytes = this.#dependencies.destination.content(calls.target())?.sizeBytes ?? calls.copiedBytes;
      calls.fail('destination', 'ENOSPC', 'write');
      return;
    }
    const phase = this.#isFollowing() ? ('following' as const) : null;
    calls.report({ kind: 'progress', syncedBytes: calls.copiedBytes, sizeBytes, phase, phaseDone: null });
    if (calls.copiedBytes < sizeBytes) this.#pumpAfterTick();
    else this.#settle();
  }

  #isFollowing(): boolean {
    return this.order.growing || this.#hasGrown;
  }

  /** Waits until the source has not changed for a while. */
  #settle(): void {
    const before = this.#calls.opened?.fingerprint();
    this.#dependencies.clock.after(this.#isFollowing() ? this.#dependencies.quietForMs : tickMs, () => {
      if (!this.life.isAlive) return;
      this.#calls.read('read', () => {
        const seen = this.life.isAlive ? this.#calls.stat() : null;
        const fingerprint = this.#calls.opened?.fingerprint();
        if (seen === null || fingerprint === undefined) return;
        const isSame = fingerprint.sizeBytes === before?.sizeBytes && fingerprint.mtimeNs === before.mtimeNs;
        if (isSame) this.#calls.out('write', this.#calls.target(), 'settle', () => this.#finish(seen.content, fingerprint));
        else this.#grew(seen.content.sizeBytes);
      });
    });
  }

  #finish(content: Content, fingerprint: Fingerprint): void {
    if (!this.life.isAlive) return;
    if (this.#target?.write(content) === false) {
      this.#calls.fail('destination', 'ENOSPC', 'settle');
      return;
    }
    if (this.#dependencies.destination.inode(this.#calls.target()) !== this.#target?.inode) {
      this.#calls.fail('destination', 'LOST', 'open');
      return;
    }
    this.#settled = content;
    this.#calls.copiedBytes = content.sizeBytes;
    const readsBack = content.sizeBytes <= readBackAtOnceBytes;
    this.#calls.report({ kind: 'copied', hash: hashOf(content), fingerprint, ...(readsBack ? { readsBack: true as const } : {}) });
    if (readsBack) this.readBack();
  }

  #grew(sizeBytes: number): void {
    if (!this.#isFollowing()) this.#calls.report({ kind: 'source_grew', sizeBytes });
    this.#hasGrown = true;
    this.#pump();
  }

  #reportComparison(): void {
    const seen = this.life.isAlive ? this.#calls.stat() : null;
    const fingerprint = this.#calls.opened?.fingerprint();
    if (seen === null || fingerprint === undefined) return;
    const hash = hashOf(seen.content);
    const there = this.#dependencies.destination.content(this.order.destination);
    if (there === null) this.#calls.fail('destination', 'LOST', 'open');
    else if (hashOf(there).value === hash.value) this.#calls.report({ kind: 'already_there', hash, readback: 'direct', fingerprint });
    else this.#calls.report({ kind: 'name_taken' });
  }

  #linkIfSame(from: string): void {
    const seen = this.life.isAlive ? this.#calls.stat() : null;
    const fingerprint = this.#calls.opened?.fingerprint();
    if (seen === null || fingerprint === undefined) return;
    const { destination } = this.#dependencies;
    const hash = hashOf(seen.content);
    if (!this.#calls.isOnMount()) return;
    if (hashOf(destination.content(from)).value !== hash.value) this.#calls.report({ kind: 'not_linked', why: 'differs' });
    else if (destination.linksRefused()) this.#calls.report({ kind: 'not_linked', why: 'refused' });
    else
      this.#calls.out('link', this.order.destination, 'link', () => {
        if (!destination.has(from)) return this.#calls.report({ kind: 'not_linked', why: 'differs' });
        const isMade = destination.link(from, this.order.destination);
        if (!this.#calls.isOnMount()) return;
        if (isMade || destination.inode(from) === destination.inode(this.order.destination))
          this.#calls.report({ kind: 'linked', hash, readback: 'direct', fingerprint });
        else this.#calls.report({ kind: 'not_linked', why: 'refused' });
      });
  }

  /**
   * Compares the destination with the source.
   * @param expected hash of the source as it was copied. A source with any other content has changed
   * @param moved runs after a changed source was reported
   */
  #verify(expected: string | null, readback: 'direct' | 'cached', moved: () => void): void {
    this.#calls.read('read', () =>
      this.#calls.out('read', this.#calls.target(), 'read', () => {
        const seen = this.life.isAlive ? this.#calls.stat() : null;
        if (seen === null) return;
        if (expected === hashOf(seen.content).value) {
          this.#reportVerdict(expected, readback, seen.isGone);
          return;
        }
        this.#settled = null;
        this.#hasGrown = true;
        this.#calls.report({ kind: 'source_moved', sizeBytes: seen.content.sizeBytes });
        moved();
      }),
    );
  }

  #reportVerdict(expected: string, readback: 'direct' | 'cached', sourceGone: boolean): void {
    const there = this.#dependencies.destination.content(this.#calls.target());
    if (there === null) this.#calls.fail('destination', 'LOST', 'open');
    else if (hashOf(there).value === expected) this.#calls.report({ kind: 'verified', readback, sourceGone });
    else this.#calls.fail('destination', 'MISMATCH', 'read');
  }
}

/** Returns the hash of simulated content. */
export function hashOf(content: Content | null): ContentHash {
  return { algorithm: 'xxh64', value: content === null ? '' : `${content.stamp}/${content.sizeBytes}` };
}
