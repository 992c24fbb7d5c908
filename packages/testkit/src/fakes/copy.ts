import type { ContentHash, CopyOrder, CopyReport } from '@sluice/core';
import type { SimClock } from '../sim-clock.ts';
import { callDestination, callSource, type Life } from './call.ts';
import type { CallKind, FakeDestination, FakeOpenFile } from './destination.ts';
import type { Content, OpenSource, ReadableSource } from './source.ts';

/** What every copy of one carrier is made with. */
export interface CopyMeans {
  readonly clock: SimClock;
  readonly source: ReadableSource;
  readonly destination: FakeDestination;
  /** Bytes a copy moves in a millisecond. */
  readonly bytesPerMs: number;
  readonly stallAfterMs: number;
  readonly quietForMs: number;
  report(life: Life, order: Pick<CopyOrder, 'route' | 'fileId' | 'copyId'>, told: CopyReport): void;
}

/** One copy in the hands of a carrier. */
export interface FakeCopy {
  order: CopyOrder;
  readonly life: Life;
  start(): void;
  compare(): void;
  preflight(): void;
  readBack(): void;
  /** By a process that never saw the copy. */
  readBackFresh(hash: ContentHash): void;
  followAgain(): void;
  /** Runs `work` once no call of it is outstanding: what lands later would leave what nobody knows. */
  whenSettled(work: () => void): void;
}

const tickMs = 100;

export function createFakeCopy(means: CopyMeans, first: CopyOrder): FakeCopy {
  const { clock, source, destination } = means;
  const life: Life = { isAlive: true, isUnheard: false };
  let copied = 0;
  let opened: OpenSource | null = null;
  let target: FakeOpenFile | null = null;
  let settled: Content | null = null;
  let hasGrown = false;
  let outstanding = 0;
  let waiting: (() => void)[] = [];

  const copy: FakeCopy = { order: first, life, start, compare, preflight, readBack, readBackFresh, followAgain, whenSettled };

  const tell = (told: CopyReport): void => means.report(life, copy.order, told);

  function whenSettled(work: () => void): void {
    if (outstanding === 0) work();
    else waiting.push(work);
  }

  const returned = (): void => {
    outstanding -= 1;
    if (outstanding > 0) return;
    const works = waiting;
    waiting = [];
    for (const work of works) work();
  };

  const site = (operation: string, done: () => void): Parameters<typeof callSource>[3] => ({
    operation,
    life,
    returned,
    stalled: (side, what, sinceMs) => tell({ kind: 'stalled', side, operation: what, sinceMs }),
    failed(side, code, what) {
      const isHeld = side === 'source' && code === 'EBUSY' && what === 'preflight';
      if (isHeld) tell({ kind: 'held_by_writer', code });
      else tell(failure(side, code, what));
    },
    done,
  });

  const failure = (side: 'source' | 'destination', code: string, operation: string): CopyReport => ({
    kind: 'failed',
    fault: { side, code, operation, message: `simulated ${code}` },
    syncedBytes: copied,
    sizeBytes: opened?.content().sizeBytes ?? 0,
  });

  const out = (kind: CallKind, name: string, operation: string, done: () => void): void => {
    outstanding += 1;
    callDestination(means, destination, kind, name, site(operation, done));
  };
  const read = (operation: string, done: () => void): void => {
    outstanding += 1;
    callSource(means, source, copy.order.source, site(operation, done));
  };
  const name = (): string => copy.order.part ?? copy.order.destination;

  /** @returns null where another file bears its path by now; that has been told. */
  const look = (): { content: Content; isGone: boolean } | null => {
    const inode = source.inode(copy.order.source);
    if (opened === null || (inode !== null && inode !== opened.inode)) {
      tell(failure('source', 'CHANGED', 'look'));
      return null;
    }
    return { content: opened.content(), isGone: inode === null };
  };

  function preflight(): void {
    read('preflight', () =>
      out('look', copy.order.destination, 'lstat', () => {
        if (!life.isAlive) return;
        const sourceFingerprint = source.inode(copy.order.source) === null ? null : source.fingerprint(copy.order.source);
        if (sourceFingerprint === null) {
          tell(failure('source', 'ENOENT', 'look'));
          return;
        }
        const existingSizeBytes = destination.content(copy.order.destination)?.sizeBytes ?? null;
        tell({ kind: 'preflight', preflight: { sourceFingerprint, existingSizeBytes, freeBytes: destination.freeBytes() } });
      }),
    );
  }

  function openSource(): boolean {
    opened = source.open(copy.order.source);
    if (opened === null) tell(failure('source', 'ENOENT', 'open'));
    return opened !== null;
  }

  function start(): void {
    read('open', () => {
      if (life.isAlive && openSource()) removeParts(copy.order.removeFirst, create);
    });
  }

  function removeParts(parts: readonly string[], then: () => void): void {
    const [part, ...others] = parts;
    if (!life.isAlive) return;
    if (part === undefined) then();
    else
      out('unlink', part, 'unlink', () => {
        destination.unlink(part);
        removeParts(others, then);
      });
  }

  function create(): void {
    tell({ kind: 'creating' });
    const wanted = name();
    out('create', wanted, 'create', () => {
      const made = destination.createExclusive(wanted);
      if (!life.isAlive) return;
      target = made;
      if (made === null) tell({ kind: 'name_taken' });
      else {
        tell({ kind: 'created', identity: { device: '1', inode: made.inode } });
        clock.after(tickMs, pump);
      }
    });
  }

  function pump(): void {
    if (!life.isAlive) return;
    read('read', () => {
      if (!life.isAlive) return;
      const seen = look();
      if (seen !== null) out('write', name(), 'write', () => wrote(seen.content));
    });
  }

  function wrote(content: Content): void {
    if (!life.isAlive) return;
    const size = content.sizeBytes;
    copied = Math.min(size, copied + Math.floor(tickMs * means.bytesPerMs));
    if (target?.write({ sizeBytes: copied, stamp: `${content.stamp}:partial` }) === false) {
      copied = destination.content(name())?.sizeBytes ?? copied;
      tell(failure('destination', 'ENOSPC', 'write'));
      return;
    }
    const phase = copy.order.growing || hasGrown ? ('following' as const) : null;
    tell({ kind: 'progress', syncedBytes: copied, sizeBytes: size, phase, phaseDone: null });
    if (copied < size) clock.after(tickMs, pump);
    else settle();
  }

  function settle(): void {
    const before = opened?.fingerprint();
    clock.after(copy.order.growing || hasGrown ? means.quietForMs : tickMs, () => {
      if (!life.isAlive) return;
      read('read', () => {
        const seen = life.isAlive ? look() : null;
        const now = opened?.fingerprint();
        if (seen === null || now === undefined) return;
        if (now.sizeBytes !== before?.sizeBytes || now.mtimeNs !== before.mtimeNs) {
          grew(seen.content.sizeBytes);
          return;
        }
        out('write', name(), 'settle', () => {
          if (!life.isAlive) return;
          if (target?.write(seen.content) === false) {
            tell(failure('destination', 'ENOSPC', 'settle'));
            return;
          }
          settled = seen.content;
          copied = seen.content.sizeBytes;
          tell({ kind: 'copied', hash: hashOf(seen.content), fingerprint: now });
        });
      });
    });
  }

  function grew(sizeBytes: number): void {
    if (!copy.order.growing && !hasGrown) tell({ kind: 'source_grew', sizeBytes });
    hasGrown = true;
    pump();
  }

  function compare(): void {
    read('read', () => {
      if (!life.isAlive || !openSource()) return;
      out('read', copy.order.destination, 'read', () => {
        const seen = life.isAlive ? look() : null;
        const fingerprint = opened?.fingerprint();
        if (seen === null || fingerprint === undefined) return;
        const isSame = hashOf(destination.content(copy.order.destination)).value === hashOf(seen.content).value;
        if (isSame) tell({ kind: 'already_there', hash: hashOf(seen.content), readback: 'direct', fingerprint });
        else tell({ kind: 'name_taken' });
      });
    });
  }

  function readBack(): void {
    if (destination.directRefused()) {
      tell({ kind: 'direct_refused' });
      return;
    }
    proveAgainst(settled === null ? null : hashOf(settled).value, 'direct', pump);
  }

  function readBackFresh(hash: ContentHash): void {
    read('open', () => {
      if (!life.isAlive) return;
      opened = source.open(copy.order.source);
      if (opened === null) out('read', name(), 'read', () => verdict(hash.value, 'cached', true));
      else proveAgainst(hash.value, 'cached', () => {});
    });
  }

  /** @param expected what the source was settled as; a source that holds anything else by now has moved */
  function proveAgainst(expected: string | null, readback: 'direct' | 'cached', moved: () => void): void {
    read('read', () =>
      out('read', name(), 'read', () => {
        const seen = life.isAlive ? look() : null;
        if (seen === null) return;
        if (expected === hashOf(seen.content).value) {
          verdict(expected, readback, seen.isGone);
          return;
        }
        settled = null;
        hasGrown = true;
        tell({ kind: 'source_moved', sizeBytes: seen.content.sizeBytes });
        moved();
      }),
    );
  }

  function verdict(expected: string, readback: 'direct' | 'cached', sourceGone: boolean): void {
    if (hashOf(destination.content(name())).value === expected) tell({ kind: 'verified', readback, sourceGone });
    else tell(failure('destination', 'MISMATCH', 'read'));
  }

  function followAgain(): void {
    settled = null;
    hasGrown = true;
    pump();
  }

  return copy;
}

export function hashOf(content: Content | null): ContentHash {
  return { algorithm: 'xxh64', value: content === null ? '' : `${content.stamp}/${content.sizeBytes}` };
}
