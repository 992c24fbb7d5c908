import type { Effect, Event } from '@sluice/core';
import type { CallFault, CopyOrder, CopyReport, LeftoverCheck, LeftoverOutcome, RouteName } from '@sluice/core/model';
import { callDestination, type Life } from '../call.ts';
import { type CopyDependencies, isMounted } from '../copy/calls.ts';
import { hashOf } from '../copy/copy.ts';
import type { FakeDestination } from '../destination.ts';

/** What the tasks of a carrier other than copies use. */
export interface ChoreDependencies extends CopyDependencies {
  readonly route: RouteName;
  readonly offer: (event: Event) => void;
}

/** Removes what a withdrawn copy has written. */
export function removeWithdrawn(dependencies: ChoreDependencies, order: CopyOrder, life: Life): void {
  if (!life.isAlive) return;
  const { destination } = dependencies;
  const report = (answer: CopyReport): void => dependencies.report(life, order, answer);
  callDestination(dependencies, destination, 'unlink', order.part ?? order.destination, {
    operation: 'unlink',
    life,
    stalled: (side, operation, sinceMs) => report({ kind: 'stalled', side, operation, sinceMs }),
    failed: () => report({ kind: 'withdrawn', left: true }),
    done() {
      const isThere = isMounted(destination, order.mount);
      if (isThere && order.part !== null) destination.unlink(order.part);
      report({ kind: 'withdrawn', left: !isThere });
    },
  });
}

/** Hashes a source file, and reports the hash. */
export function hashSource(dependencies: ChoreDependencies, effect: Extract<Effect, { kind: 'hash_source' }>, life: Life): void {
  const report = (answer: CopyReport): void => dependencies.report(life, effect, answer);
  const opened = dependencies.source.open(effect.source);
  const isExpected = opened?.fingerprint().mtimeNs === effect.expected.mtimeNs;
  if (opened === null) report(failedAtSource('ENOENT'));
  else if (isExpected) report({ kind: 'source_hashed', hash: hashOf(opened.content()) });
  else report(failedAtSource('CHANGED'));
}

/** Removes temporary files of earlier runs, and reports when every call has returned. */
export function removeParts(dependencies: ChoreDependencies, effect: Extract<Effect, { kind: 'remove_parts' }>, life: Life): void {
  const { route, destination, offer } = dependencies;
  const { parts, sweepId } = effect;
  const removed: string[] = [];
  const kept: string[] = [];
  const add = (list: string[], part: string): void => {
    list.push(part);
    if (removed.length + kept.length < parts.length || !life.isAlive) return;
    offer({ kind: 'parts_removed', route, sweepId, removed, kept });
  };
  for (const part of parts) {
    callDestination(dependencies, destination, 'unlink', part, {
      operation: 'unlink',
      life,
      stalled: () => {},
      failed: () => add(kept, part),
      done() {
        // An absent destination has no parts either.
        if (!isMounted(destination, effect.mount)) return add(kept, part);
        destination.unlink(part);
        add(removed, part);
      },
    });
  }
}

/** Gives the leftover of a failed attempt its marked name. */
export function markLeftover(dependencies: ChoreDependencies, effect: Extract<Effect, { kind: 'mark_leftover' }>, life: Life): void {
  const { route, destination, offer } = dependencies;
  const { mark, fileId } = effect;
  const report = (outcome: 'done' | 'gone' | 'refused'): void => {
    if (life.isAlive) offer({ kind: 'leftover_marked', route, fileId, mark, outcome });
  };
  callDestination(dependencies, destination, 'link', mark.to, {
    operation: 'link',
    life,
    stalled: () => {},
    failed: () => report('refused'),
    done() {
      if (!isMounted(destination, effect.mount)) return report('refused');
      const sizeBytes = destination.content(mark.from)?.sizeBytes ?? -1;
      const isOther = mark.inode !== undefined && destination.inode(mark.from) !== mark.inode;
      if (sizeBytes < mark.leastBytes || isOther) report('gone');
      else if (destination.linksRefused() || !destination.link(mark.from, mark.to)) report('refused');
      else {
        destination.unlink(mark.from);
        report('done');
      }
    },
  });
}

/** Removes the leftover of a failed attempt that a complete copy replaced. The simulated storage has no times and no bytes that could be compared. */
export function removeLeftover(dependencies: ChoreDependencies, effect: Extract<Effect, { kind: 'remove_leftover' }>, life: Life): void {
  const { route, destination, offer } = dependencies;
  const { leftover, fileId, hidden } = effect;
  const report = (outcome: LeftoverOutcome): void => {
    if (life.isAlive) offer({ kind: 'leftover_removed', route, fileId, name: leftover.name, outcome });
  };
  callDestination(dependencies, destination, 'unlink', leftover.name, {
    operation: 'unlink',
    life,
    stalled: () => {},
    failed: () => report('failed'),
    done() {
      if (!isMounted(destination, effect.mount)) return report('failed');
      const outcome = destination.has(hidden) ? 'removed' : judgeLeftover(destination, leftover);
      if (outcome === 'removed' && !destination.has(hidden)) destination.rename(leftover.name, hidden);
      if (outcome === 'removed') destination.unlink(hidden);
      report(outcome);
    },
  });
}

function judgeLeftover(destination: FakeDestination, { name, inode, leastBytes, replacement }: LeftoverCheck): LeftoverOutcome {
  const content = destination.content(name);
  if (content === null) return 'gone';
  if (replacement === undefined) return 'not_replaced';
  if (inode !== destination.inode(name)) return 'other_file';
  if (content.sizeBytes < leastBytes || content.sizeBytes > replacement.sizeBytes) return 'changed';
  return destination.content(replacement.destination)?.sizeBytes === replacement.sizeBytes ? 'removed' : 'replacement_gone';
}

function failedAtSource(code: string): CopyReport {
  const fault: CallFault = { side: 'source', code, operation: 'hash', message: `simulated ${code}` };
  return { kind: 'failed', fault, syncedBytes: 0, sizeBytes: 0 };
}
