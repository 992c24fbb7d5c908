import type { PublishOrder, Side } from '@sluice/core/model';
import { type Call, callDestination, type Life } from '../call.ts';
import type { CallKind } from '../destination.ts';
import { type CopyDependencies, isMounted } from './calls.ts';
import { hashOf } from './copy.ts';
import type { FolderSyncs } from './syncs.ts';

/** What publications use in addition to copies. */
export interface PublishDependencies extends CopyDependencies {
  readonly syncs: FolderSyncs;
}

const stepMs = 1;

/** Gives verified content its final name, call by call, so that the process can end between any two. */
export function publishFake(dependencies: PublishDependencies, order: PublishOrder, life: Life): void {
  new Publication(dependencies, order, life).start();
}

class Publication {
  readonly #dependencies: PublishDependencies;
  readonly #order: PublishOrder;
  readonly #life: Life;

  constructor(dependencies: PublishDependencies, order: PublishOrder, life: Life) {
    this.#dependencies = dependencies;
    this.#order = order;
    this.#life = life;
  }

  start(): void {
    const { part, destination } = this.#order;
    this.#out('stat', part ?? destination, 'open', () => {
      if (!this.#life.isAlive) return;
      if (part !== null) this.#publishPart(part);
      else if (this.#holds(destination)) this.#published();
      else this.#fail('destination', 'LOST', 'open');
    });
  }

  #publishPart(part: string): void {
    const { destination } = this.#dependencies;
    if (!destination.has(part)) {
      this.#publishWithoutPart();
      return;
    }
    if (!this.#holds(part)) {
      destination.sins.push(`3: ${part} was to be published as ${this.#order.destination}, and does not hold what was verified`);
      this.#fail('destination', 'MISMATCH', 'read');
      return;
    }
    const { claim } = this.#order;
    this.#next(() => {
      if (claim === null) this.#link(part);
      else if (claim.claimed === null) this.#claim(part);
      else this.#replaceClaim(part, claim.claimed.inode);
    });
  }

  /** The temporary file may have been published by an earlier process. */
  #publishWithoutPart(): void {
    const name = this.#order.destination;
    if (!this.#dependencies.destination.has(name)) this.#fail('destination', 'LOST', 'link');
    else if (this.#holds(name)) this.#published();
    else this.#nameTaken();
  }

  #link(part: string): void {
    const { destination } = this.#dependencies;
    const name = this.#order.destination;
    if (destination.linksRefused()) {
      this.#dependencies.report(this.#life, this.#order, { kind: 'link_refused', code: 'EPERM' });
      return;
    }
    this.#out('link', name, 'link', () => {
      if (!destination.has(part)) return this.#fail('destination', 'ENOENT', 'link');
      const isLinked = destination.link(part, name);
      if (isLinked || destination.inode(part) === destination.inode(name) || this.#holds(name)) this.#next(() => this.#dropPart(part));
      else this.#nameTaken();
    });
  }

  /** Creates an empty file with the final name, which the temporary file then replaces. */
  #claim(part: string): void {
    const name = this.#order.destination;
    this.#out('create', name, 'create', () => {
      const made = this.#dependencies.destination.createExclusive(name);
      if (made === null && this.#holds(name)) this.#next(() => this.#dropPart(part));
      else if (made === null) this.#nameTaken();
      else this.#dependencies.report(this.#life, this.#order, { kind: 'claimed', identity: { device: '1', inode: made.inode } });
    });
  }

  #replaceClaim(part: string, inode: string): void {
    const { destination } = this.#dependencies;
    const name = this.#order.destination;
    const isStillClaim = destination.inode(name) === inode && destination.content(name)?.sizeBytes === 0;
    if (!destination.has(name)) {
      this.#claim(part);
      return;
    }
    if (!isStillClaim) {
      this.#nameTaken();
      return;
    }
    this.#out('link', name, 'rename', () => {
      if (!destination.rename(part, name)) return this.#fail('destination', 'ENOENT', 'rename');
      this.#next(() => this.#published());
    });
  }

  #dropPart(part: string): void {
    this.#out('unlink', part, 'unlink', () => {
      this.#dependencies.destination.unlink(part);
      this.#next(() => this.#published());
    });
  }

  #published(): void {
    const { destination, syncs } = this.#dependencies;
    const name = this.#order.destination;
    syncs.sync(
      name.slice(0, name.lastIndexOf('/') + 1),
      this.#callOf('fsync', () => {
        if (isMounted(destination, this.#order.mount)) this.#dependencies.report(this.#life, this.#order, { kind: 'published', notes: [] });
        else this.#fail('destination', 'DIVERTED', 'open');
      }),
    );
  }

  #nameTaken(): void {
    this.#dependencies.report(this.#life, this.#order, { kind: 'name_taken' });
  }

  #fail(side: Side, code: string, operation: string): void {
    const { sizeBytes } = this.#order;
    const fault = { side, code, operation, message: `simulated ${code}` };
    this.#dependencies.report(this.#life, this.#order, { kind: 'failed', fault, syncedBytes: sizeBytes, sizeBytes });
  }

  #out(kind: CallKind, name: string, operation: string, done: () => void): void {
    callDestination(this.#dependencies, this.#dependencies.destination, kind, name, this.#callOf(operation, done));
  }

  #callOf(operation: string, done: () => void): Call {
    return {
      operation,
      life: this.#life,
      stalled: (side, what, sinceMs) =>
        this.#dependencies.report(this.#life, this.#order, { kind: 'stalled', side, operation: what, sinceMs }),
      failed: (side, code, what) => this.#fail(side, code, what),
      done,
    };
  }

  #next(work: () => void): void {
    this.#dependencies.clock.after(stepMs, () => this.#life.isAlive && work());
  }

  #holds(name: string): boolean {
    return hashOf(this.#dependencies.destination.content(name)).value === this.#order.hash.value;
  }
}
