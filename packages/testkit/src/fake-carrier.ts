import type { ContentHash, CopyId, CopyOrder, CopyReport, Event, PublishOrder } from '@sluice/core';
import type { FakeDestination } from './fake-destination.ts';
import type { Content, FakeSource } from './fake-source.ts';
import type { SimClock } from './sim-clock.ts';

interface Task {
  readonly order: CopyOrder;
  copied: number;
  settled: Content | null;
  isAlive: boolean;
}

/** What a carrier process does, without bytes: the same orders, the same reports. */
export interface FakeCarrier {
  preflight(order: CopyOrder): void;
  copy(order: CopyOrder): void;
  readBack(copyId: CopyId, order: CopyOrder | null): void;
  followAgain(copyId: CopyId): void;
  publish(order: PublishOrder): void;
  withdraw(copyId: CopyId): void;
  forget(copyId: CopyId): void;
  /** The process is killed: nothing of it is heard again; what it had sent into silence may still happen. */
  end(): void;
  tasks(): number;
}

interface World {
  readonly clock: SimClock;
  readonly source: FakeSource;
  readonly destination: FakeDestination;
  readonly offer: (event: Event) => void;
  /** Bytes a copy moves in a millisecond. */
  readonly bytesPerMs: number;
  readonly stallAfterMs: number;
  readonly quietForMs: number;
}

const tickMs = 100;

export function createFakeCarrier(world: World): FakeCarrier {
  const { clock, source, destination } = world;
  let tasks = new Map<CopyId, Task>();

  const report = (order: CopyOrder | PublishOrder, told: CopyReport): void => {
    world.offer({ kind: 'copy_reported', route: order.route, fileId: order.fileId, copyId: order.copyId, report: told });
  };

  /** A call to the destination: done, failed, or hanging until the silence is over, even when its caller is dead. */
  const call = (order: CopyOrder | PublishOrder, operation: string, isAlive: () => boolean, done: () => void): void => {
    switch (destination.weather()) {
      case 'good':
        done();
        return;
      case 'silent': {
        const startedAt = clock.monotonic();
        let isOver = false;
        const stalled = (): void => {
          if (isOver || !isAlive()) return;
          const sinceMs = clock.monotonic() - startedAt;
          report(order, { kind: 'stalled', side: 'destination', operation, sinceMs });
          clock.after(1_000, stalled);
        };
        clock.after(world.stallAfterMs, stalled);
        destination.whenAnswering(() => {
          isOver = true;
          call(order, operation, isAlive, done);
        });
        return;
      }
      default:
        if (isAlive()) fail(order, codeOf(destination.weather()), operation);
    }
  };

  const fail = (order: CopyOrder | PublishOrder, code: string, operation: string): void => {
    const task = tasks.get(order.copyId);
    const sizeBytes = task === undefined ? 0 : (source.content(task.order.source)?.sizeBytes ?? 0);
    const fault = { side: 'destination' as const, code, operation, message: `simulated ${code}` };
    report(order, { kind: 'failed', fault, syncedBytes: task?.copied ?? 0, sizeBytes });
  };

  const begin = (order: CopyOrder): Task => {
    const task: Task = tasks.get(order.copyId) ?? { order, copied: 0, settled: null, isAlive: true };
    const fresh = { ...task, order };
    tasks.set(order.copyId, fresh);
    return fresh;
  };

  const start = (task: Task): void => {
    const { order } = task;
    const name = order.part ?? order.destination;
    const alive = (): boolean => task.isAlive;
    call(order, 'unlink', alive, () => {
      for (const part of order.removeFirst) destination.unlink(part);
      if (!task.isAlive) return;
      report(order, { kind: 'creating' });
      call(order, 'create', alive, () => {
        const isCreated = destination.createExclusive(name);
        if (!task.isAlive) return;
        if (!isCreated) {
          report(order, { kind: 'name_taken' });
          return;
        }
        report(order, { kind: 'created', identity: { device: '1', inode: destination.inode(name) ?? '' } });
        clock.after(tickMs, () => pump(task, clock.monotonic()));
      });
    });
  };

  const pump = (task: Task, since: number): void => {
    if (!task.isAlive) return;
    const { order } = task;
    const content = source.content(order.source);
    if (content === null) {
      report(order, readError('ENOENT', task.copied));
      return;
    }
    const size = content.sizeBytes;
    call(
      order,
      'write',
      () => task.isAlive,
      () => {
        if (!task.isAlive) return;
        task.copied = Math.min(size, task.copied + Math.floor((clock.monotonic() - since + tickMs) * world.bytesPerMs));
        destination.write(order.part ?? order.destination, { sizeBytes: task.copied, stamp: `${content.stamp}:partial` });
        report(order, progressOf(task, size));
        if (task.copied < size) clock.after(tickMs, () => pump(task, clock.monotonic()));
        else settle(task);
      },
    );
  };

  const settle = (task: Task): void => {
    const { order } = task;
    const before = source.fingerprint(order.source);
    const waitMs = order.growing || source.isRecording(order.source) ? world.quietForMs : tickMs;
    clock.after(waitMs, () => {
      if (!task.isAlive) return;
      const content = source.content(order.source);
      const now = source.fingerprint(order.source);
      if (content === null || now === null) {
        report(order, readError('ENOENT', task.copied));
        return;
      }
      if (now.sizeBytes !== before?.sizeBytes || now.mtimeNs !== before.mtimeNs) {
        if (!order.growing) report(order, { kind: 'source_grew', sizeBytes: now.sizeBytes });
        pump(task, clock.monotonic());
        return;
      }
      call(
        order,
        'settle',
        () => task.isAlive,
        () => {
          if (!task.isAlive) return;
          destination.write(order.part ?? order.destination, content);
          task.settled = content;
          report(order, { kind: 'copied', hash: hashOf(content), fingerprint: now });
        },
      );
    });
  };

  return {
    preflight(order) {
      const task = begin(order);
      call(
        order,
        'lstat',
        () => task.isAlive,
        () => {
          if (!task.isAlive) return;
          const sourceFingerprint = source.fingerprint(order.source);
          if (sourceFingerprint === null) {
            report(order, readError('ENOENT', 0));
            return;
          }
          const existingSizeBytes = destination.content(order.destination)?.sizeBytes ?? null;
          report(order, { kind: 'preflight', preflight: { sourceFingerprint, existingSizeBytes, freeBytes: null } });
        },
      );
    },
    copy(order) {
      const task = begin(order);
      if (!order.compare) {
        clock.after(1, () => start(task));
        return;
      }
      call(
        order,
        'read',
        () => task.isAlive,
        () => {
          const content = source.content(order.source);
          const fingerprint = source.fingerprint(order.source);
          const there = destination.content(order.destination);
          if (!task.isAlive || content === null || fingerprint === null) return;
          const isSame = there?.stamp === content.stamp && there.sizeBytes === content.sizeBytes;
          if (isSame) report(order, { kind: 'already_there', hash: hashOf(content), readback: 'direct', fingerprint });
          else report(order, { kind: 'name_taken' });
        },
      );
    },
    readBack(copyId, fresh) {
      const task = tasks.get(copyId);
      const order = task?.order ?? fresh;
      if (order === undefined || order === null) return;
      call(
        order,
        'read',
        () => task?.isAlive ?? true,
        () => {
          if (task !== undefined && !task.isAlive) return;
          const now = source.content(order.source);
          const isMoved = now !== null && task?.settled !== undefined && task.settled?.stamp !== now.stamp;
          if (isMoved && task !== undefined) {
            report(order, { kind: 'source_moved', sizeBytes: now.sizeBytes });
            pump(task, clock.monotonic());
          } else report(order, { kind: 'verified', readback: 'direct', sourceGone: now === null });
        },
      );
    },
    followAgain(copyId) {
      const task = tasks.get(copyId);
      if (task !== undefined) pump(task, clock.monotonic());
    },
    publish(order) {
      const { part } = order;
      call(
        order,
        'link',
        () => true,
        () => {
          if (part === null || sameFile(destination, part, order.destination)) {
            if (part !== null) destination.unlink(part);
            report(order, { kind: 'published', notes: [] });
          } else if (!destination.has(part) && hashOf(destination.content(order.destination)).value === order.hash.value) {
            report(order, { kind: 'published', notes: [] });
          } else if (destination.link(part, order.destination)) {
            destination.unlink(part);
            report(order, { kind: 'published', notes: [] });
          } else report(order, { kind: 'name_taken' });
        },
      );
    },
    withdraw(copyId) {
      const task = tasks.get(copyId);
      if (task === undefined) return;
      task.isAlive = false;
      call(
        task.order,
        'unlink',
        () => true,
        () => {
          if (task.order.part !== null) destination.unlink(task.order.part);
          report(task.order, { kind: 'withdrawn', left: false });
        },
      );
    },
    forget(copyId) {
      const task = tasks.get(copyId);
      if (task !== undefined) task.isAlive = false;
      tasks.delete(copyId);
    },
    end() {
      for (const task of tasks.values()) task.isAlive = false;
      tasks = new Map();
    },
    tasks: () => tasks.size,
  };
}

function progressOf(task: Task, sizeBytes: number): CopyReport {
  const phase = task.order.growing ? ('following' as const) : null;
  return { kind: 'progress', syncedBytes: task.copied, sizeBytes, phase, phaseDone: null };
}

function readError(code: string, syncedBytes: number): CopyReport {
  const fault = { side: 'source' as const, code, operation: 'read', message: `simulated ${code}` };
  return { kind: 'failed', fault, syncedBytes, sizeBytes: 0 };
}

function codeOf(weather: string): string {
  if (weather === 'full') return 'ENOSPC';
  return weather === 'read_only' ? 'EROFS' : 'EIO';
}

function sameFile(destination: FakeDestination, part: string, name: string): boolean {
  return destination.has(part) && destination.inode(part) === destination.inode(name);
}

function hashOf(content: Content | null): ContentHash {
  return { algorithm: 'xxh64', value: content === null ? '' : `${content.stamp}/${content.sizeBytes}` };
}
