import type { CopyReport, PublishOrder } from '@sluice/core';
import { callDestination, type Life } from './call.ts';
import { type CopyMeans, hashOf } from './copy.ts';
import type { CallKind } from './destination.ts';

const stepMs = 1;

/** Gives verified content its final name, call by call, so that a death between any two can be had. */
export function publishFake(means: CopyMeans, order: PublishOrder, life: Life): void {
  const { destination, clock } = means;
  const tell = (told: CopyReport): void => means.report(life, order, told);

  const out = (kind: CallKind, name: string, operation: string, done: () => void): void =>
    callDestination(means, destination, kind, name, {
      operation,
      life,
      stalled: (side, what, sinceMs) => tell({ kind: 'stalled', side, operation: what, sinceMs }),
      failed: (side, code, what) => fail(side, code, what),
      done,
    });

  const fail = (side: 'source' | 'destination', code: string, operation: string): void => {
    const fault = { side, code, operation, message: `simulated ${code}` };
    tell({ kind: 'failed', fault, syncedBytes: order.sizeBytes, sizeBytes: order.sizeBytes });
  };

  const next = (work: () => void): void => void clock.after(stepMs, () => life.isAlive && work());
  const holds = (name: string): boolean => hashOf(destination.content(name)).value === order.hash.value;
  const published = (): void => out('look', order.destination, 'fsync', () => tell({ kind: 'published', notes: [] }));

  const dropPart = (part: string): void =>
    out('unlink', part, 'unlink', () => {
      destination.unlink(part);
      next(published);
    });

  const byLink = (part: string): void => {
    if (destination.linksRefused()) {
      tell({ kind: 'link_refused', code: 'EPERM' });
      return;
    }
    out('link', order.destination, 'link', () => {
      const isLinked = destination.link(part, order.destination);
      if (isLinked || destination.inode(part) === destination.inode(order.destination) || holds(order.destination)) {
        next(() => dropPart(part));
      } else tell({ kind: 'name_taken' });
    });
  };

  const makeClaim = (part: string): void =>
    out('create', order.destination, 'create', () => {
      const made = destination.createExclusive(order.destination);
      if (made === null && holds(order.destination)) next(() => dropPart(part));
      else if (made === null) tell({ kind: 'name_taken' });
      else tell({ kind: 'claimed', identity: { device: '1', inode: made.inode } });
    });

  const overClaim = (part: string, inode: string): void => {
    const isStillClaim = destination.inode(order.destination) === inode && destination.content(order.destination)?.sizeBytes === 0;
    if (!isStillClaim) {
      tell({ kind: 'name_taken' });
      return;
    }
    out('link', order.destination, 'rename', () => {
      destination.rename(part, order.destination);
      next(published);
    });
  };

  const publishPart = (part: string): void => {
    if (!destination.has(part)) {
      if (!destination.has(order.destination)) fail('destination', 'LOST', 'link');
      else if (holds(order.destination)) published();
      else tell({ kind: 'name_taken' });
      return;
    }
    if (!holds(part)) {
      destination.sins.push(`3: ${part} was to be published as ${order.destination}, and does not hold what was proven`);
      fail('destination', 'MISMATCH', 'read');
      return;
    }
    next(() => {
      if (order.claim === null) byLink(part);
      else if (order.claim.claimed === null) makeClaim(part);
      else overClaim(part, order.claim.claimed.inode);
    });
  };

  out('look', order.part ?? order.destination, 'open', () => {
    if (!life.isAlive) return;
    if (order.part !== null) publishPart(order.part);
    else if (holds(order.destination)) published();
    else fail('destination', 'LOST', 'open');
  });
}
