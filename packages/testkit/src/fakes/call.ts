import type { Side } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { CallKind, FakeDestination } from './destination.ts';
import type { FakeDisk } from './disk.ts';
import type { ReadableSource } from './source-calls.ts';

/** A process, or one copy in it. After its end it makes no further calls, but earlier ones may still be carried out. */
export interface Life {
  isAlive: boolean;
  /** Its late reports are dropped before core gets them, like those of an earlier generation. */
  isUnheard: boolean;
}

/** A call to storage and its consequences. */
export interface Call {
  readonly operation: string;
  readonly life: Life;
  stalled(side: Side, operation: string, sinceMs: number): void;
  failed(side: Side, code: string, operation: string): void;
  /** Runs after the call was carried out, even if its caller has ended; the caller has to check that. */
  done(): void;
  /** Runs after the call has returned, whether or not it failed, and whether or not its caller has ended. */
  returned?(): void;
}

interface CallDependencies {
  readonly clock: SimClock;
  readonly stallAfterMs: number;
}

const reportEveryMs = 1_000;

/** Temporary faults are retried for 7 s, as in a carrier. */
const passingTries = 8;
const passingPauseMs = 1_000;

/** Makes a call to the destination. It is carried out, fails, or hangs until the silence is over. */
export function callDestination(
  dependencies: CallDependencies,
  destination: FakeDestination,
  kind: CallKind,
  name: string,
  call: Call,
): void {
  new DestinationCall(dependencies, destination, { kind, name }, call).send();
}

/** A call to the destination. The disk to which it was sent answers it, or the call fails with that disk. */
class DestinationCall {
  readonly #dependencies: CallDependencies;
  readonly #destination: FakeDestination;
  readonly #asked: { readonly kind: CallKind; readonly name: string };
  readonly #call: Call;
  readonly #disk: FakeDisk;
  #tries = 1;

  constructor(dependencies: CallDependencies, destination: FakeDestination, asked: { kind: CallKind; name: string }, call: Call) {
    this.#dependencies = dependencies;
    this.#destination = destination;
    this.#asked = asked;
    this.#call = call;
    this.#disk = destination.disk();
  }

  send(): void {
    const answer = this.#destination.answer(this.#asked.kind, this.#asked.name);
    switch (answer.kind) {
      case 'done':
        if (answer.afterMs === 0) this.#finish();
        else
          this.#dependencies.clock.after(
            answer.afterMs,
            this.#stallUntil(() => this.#finish()),
          );
        return;
      case 'fails':
        this.#refused(answer.code);
        return;
      case 'hangs':
        this.#destination.whenLetGo(this.#stallUntil(() => this.#finish()));
        return;
      case 'silent':
        this.#destination.whenAnswering(this.#stallUntil(() => this.send()));
    }
  }

  #refused(code: string): void {
    if (code !== 'EAGAIN' || this.#tries >= passingTries) {
      this.#fail(code);
      return;
    }
    this.#tries += 1;
    this.#dependencies.clock.after(passingPauseMs, () => this.send());
  }

  #finish(): void {
    if (this.#destination.disk() === this.#disk) finish(this.#call);
    else this.#fail('EIO');
  }

  #fail(code: string): void {
    this.#call.returned?.();
    if (this.#call.life.isAlive) this.#call.failed('destination', code, this.#call.operation);
  }

  #stallUntil(then: () => void): () => void {
    return stallUntil(this.#dependencies, 'destination', this.#call, then);
  }
}

/** Makes a call to the source. */
export function callSource(dependencies: CallDependencies, source: ReadableSource, path: string, call: Call): void {
  if (source.weather() === 'silent') {
    source.whenAnswering(stallUntil(dependencies, 'source', call, () => callSource(dependencies, source, path, call)));
    return;
  }
  const code = source.trouble(path);
  if (code === null) {
    finish(call);
    return;
  }
  call.returned?.();
  if (call.life.isAlive) call.failed('source', code, call.operation);
}

function finish(call: Call): void {
  call.done();
  call.returned?.();
}

/** Reports every second that the call has not come back. @returns a function that ends the wait */
function stallUntil({ clock, stallAfterMs }: CallDependencies, side: Side, call: Call, then: () => void): () => void {
  const startedAt = clock.monotonic();
  let isOver = false;
  const reportStall = (): void => {
    if (isOver || !call.life.isAlive) return;
    call.stalled(side, call.operation, clock.monotonic() - startedAt);
    clock.after(reportEveryMs, reportStall);
  };
  clock.after(stallAfterMs, reportStall);
  return () => {
    isOver = true;
    then();
  };
}
