import type { Effect, Event } from '@sluice/core';
import { type RemovalOrder, type RemovalReport, type RouteName, sameFingerprint } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { Alteration, AsideFile, RemovableSource } from './source-calls.ts';

type RemoveEffect = Extract<Effect, { kind: 'remove_source' }>;

/** A simulated remover process, in simulated time. */
export interface FakeRemover {
  perform(effect: RemoveEffect): void;
  /** Ends the process. A call that it had made is carried out nevertheless, and it makes no further one. */
  crash(): void;
  end(): void;
}

/** The parts of the simulation that a remover uses. */
export interface FakeRemoverSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly source: RemovableSource;
  readonly offer: (event: Event) => void;
  /** After this long in one call a process is replaced. */
  readonly silentAfterMs: number;
}

const callMs = 3;
/** Processes that may hang at the same time. The last one is not replaced. */
const mostHanging = 3;

/** Returns a simulated remover without orders. */
export function createFakeRemover(setting: FakeRemoverSetting): FakeRemover {
  return new SimulatedRemover(setting);
}

/** A process. It makes no call after its end. */
interface Process {
  isAlive: boolean;
  /** Orders that it has not answered. */
  unanswered: number;
}

class SimulatedRemover implements FakeRemover {
  readonly #setting: FakeRemoverSetting;
  #process: Process = { isAlive: true, unanswered: 0 };
  #hanging = 0;
  #hasEnded = false;

  constructor(setting: FakeRemoverSetting) {
    this.#setting = setting;
  }

  perform({ order }: RemoveEffect): void {
    const process = this.#process;
    const { route, offer, source } = this.#setting;
    const { fileId, removalId } = order;
    process.unanswered += 1;
    const answer = (report: RemovalReport): void => {
      process.unanswered -= 1;
      offer({ kind: 'removal_reported', route, fileId, removalId, report });
    };
    new OrderedRemoval(source, order, (does, work) => this.#call(process, does, work), answer).start();
  }

  crash(): void {
    this.#lose(this.#process, 'ended');
  }

  end(): void {
    this.#hasEnded = true;
    this.#process.isAlive = false;
  }

  /** Makes a call after the one before has returned. */
  #call(process: Process, does: Alteration | 'read', work: () => () => void): void {
    const { clock, source } = this.#setting;
    clock.after(callMs, () => {
      if (!process.isAlive) return;
      const carryOut = (): void => {
        const goOn = work();
        clock.after(callMs, () => process.isAlive && goOn());
      };
      if (source.weather() === 'silent') this.#hang(process, (late) => source.whenAnswering(late), carryOut);
      else if (does !== 'read' && source.isNextHung(does)) this.#hang(process, (late) => source.whenLetGo(late), carryOut);
      else carryOut();
    });
  }

  #hang(process: Process, wait: (late: () => void) => void, carryOut: () => void): void {
    let isOver = false;
    this.#hanging += 1;
    wait(() => {
      isOver = true;
      this.#hanging -= 1;
      carryOut();
    });
    this.#setting.clock.after(this.#setting.silentAfterMs, () => {
      if (!isOver && process.isAlive && this.#hanging < mostHanging) this.#lose(process, 'hung');
    });
  }

  /** The next order gets another process. */
  #lose(process: Process, code: string): void {
    const { clock, route, offer } = this.#setting;
    const isMissed = process.unanswered > 0;
    process.isAlive = false;
    this.#process = { isAlive: true, unanswered: 0 };
    if (!isMissed) return;
    clock.after(callMs, () => {
      if (!this.#hasEnded) offer({ kind: 'remover_lost', route, code });
    });
  }
}

/** Makes a call, and goes on with what it returns, if the process is still alive. */
type MakeCall = (does: Alteration | 'read', work: () => () => void) => void;

/** An order that is carried out call by call. Between any two of them the process may end, and each call may be late. */
class OrderedRemoval {
  readonly #source: RemovableSource;
  readonly #order: RemovalOrder;
  readonly #call: MakeCall;
  readonly #answer: (report: RemovalReport) => void;

  constructor(source: RemovableSource, order: RemovalOrder, call: MakeCall, answer: (report: RemovalReport) => void) {
    this.#source = source;
    this.#order = order;
    this.#call = call;
    this.#answer = answer;
  }

  start(): void {
    switch (this.#order.step) {
      case 'check':
        return this.#stat(() => this.#whyNot() ?? { kind: 'removable' });
      case 'hide':
        return this.#stat(() => this.#mayHide());
      case 'remove':
        return this.#stat(() => this.#mayRemove());
      case 'restore':
        return this.#stat(() => this.#mayRestore());
    }
  }

  /** Looks at the source. @param judge returns the answer; null: the next call was made */
  #stat(judge: () => RemovalReport | null): void {
    this.#call('read', () => {
      const report = this.#failure() ?? judge();
      return () => void (report !== null && this.#answer(report));
    });
  }

  /**
   * @param change returns an errno name; null: done. Another process may have changed the names since they were looked at
   * @param goOn returns the answer; null: the next call was made
   */
  #alter(does: Alteration, change: () => string | null, goOn: () => RemovalReport | null): null {
    this.#call(does, () => {
      const failure = this.#failure() ?? this.#failed(change());
      return () => {
        const report = failure ?? goOn();
        if (report !== null) this.#answer(report);
      };
    });
    return null;
  }

  #failure(): RemovalReport | null {
    const code = this.#source.trouble(this.#order.source) ?? (this.#source.weather() === 'good' ? null : 'EIO');
    return code === 'EBUSY' ? null : this.#failed(code);
  }

  #failed(code: string | null): RemovalReport | null {
    return code === null ? null : { kind: 'failed', code, operation: `${this.#order.step} ${this.#order.source}` };
  }

  #isWrittenTo(): boolean {
    return this.#source.trouble(this.#order.source) === 'EBUSY';
  }

  #whyNot(): RemovalReport | null {
    if (this.#isWrittenTo()) return { kind: 'put_off', why: 'open_for_writing' };
    const file = this.#source.present(this.#order.source);
    if (file === null) return { kind: 'put_off', why: 'missing' };
    const isTouched = this.#order.changedMs !== null && this.#order.changedMs !== file.changedMs;
    return !isTouched && isOrdered(file, this.#order) ? null : { kind: 'put_off', why: 'changed' };
  }

  #mayHide(): RemovalReport | null {
    const { hiddenAs, source } = this.#order;
    if (this.#source.aside(hiddenAs) !== null) return { kind: 'not_removed', why: 'changed' };
    const rename = (): null =>
      this.#alter(
        'rename',
        () => this.#source.putAside(source, hiddenAs),
        () => this.#hidden(),
      );
    const unlink = (): null => this.#alter('unlink', () => this.#source.endLink(hiddenAs), rename);
    // The link shows that the file can get its name back.
    return this.#whyNot() ?? this.#alter('link', () => this.#source.linkAside(source, hiddenAs), unlink);
  }

  #hidden(): RemovalReport {
    const file = this.#source.aside(this.#order.hiddenAs);
    // Another file took the name just before the rename.
    if (file === null || !isOrdered(file, this.#order)) return { kind: 'not_removed', why: 'changed' };
    return { kind: 'hidden', changeNs: file.changeNs };
  }

  #mayRemove(): RemovalReport | null {
    const { hiddenAs, changeNs } = this.#order;
    const file = this.#source.aside(hiddenAs);
    if (file === null) return this.#removed();
    const isSame = isOrdered(file, this.#order) && (changeNs === null || changeNs === file.changeNs);
    if (!isSame) return { kind: 'not_removed', why: 'changed' };
    if (this.#isWrittenTo()) return { kind: 'not_removed', why: 'open_for_writing' };
    return this.#discard();
  }

  /**
   * Removes the hidden file. A program that writes to it has had it open since before it was hidden, so that the checks of a real
   * remover find that: it is not removed, however late the call is.
   */
  #discard(): null {
    const { hiddenAs } = this.#order;
    const before = this.#source.aside(hiddenAs)?.changeNs;
    let isWritten = false;
    return this.#alter(
      'unlink',
      () => {
        const now = this.#source.aside(hiddenAs);
        isWritten = now !== null && now.changeNs !== before;
        return isWritten ? null : this.#source.discard(hiddenAs);
      },
      () => (isWritten ? { kind: 'not_removed', why: 'open_for_writing' } : this.#removed()),
    );
  }

  #removed(): RemovalReport {
    const { source, to } = this.#order;
    return { kind: 'removed', archivedAs: to.kind === 'archive' ? source : null, folders: [] };
  }

  /** A link, which replaces nothing, and then an unlink of the hidden name. */
  #mayRestore(): RemovalReport | null {
    const { hiddenAs, source } = this.#order;
    const before = this.#source.aside(hiddenAs);
    if (before === null) return { kind: 'restored', wasHidden: false };
    let isTaken = false;
    const linkBack = (): string | null => {
      const code = this.#source.linkBack(hiddenAs, source);
      if (code !== 'EEXIST') return code;
      // It may be the same file: an earlier process has linked it.
      isTaken = this.#source.present(source)?.inode !== before.inode;
      return null;
    };
    return this.#alter('link', linkBack, () => {
      if (isTaken) return { kind: 'name_taken' };
      return this.#alter(
        'unlink',
        () => this.#source.endLink(hiddenAs),
        () => ({ kind: 'restored', wasHidden: true }),
      );
    });
  }
}

function isOrdered({ fingerprint, inode }: AsideFile, { expected, identity }: RemovalOrder): boolean {
  return sameFingerprint(fingerprint, expected) && (identity === null || identity.inode === inode);
}
