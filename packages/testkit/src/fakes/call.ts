import type { Side } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { CallKind, FakeDestination } from './destination.ts';
import type { ReadableSource } from './source.ts';

/** A process, or one copy in it. Calls that it had made go on after its end; it makes no further ones. */
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
  /** The call was carried out, even if its caller has ended: what follows has to check that. */
  done(): void;
  /** The call came back, whether it failed or not, and whether its caller has ended or not. */
  returned?(): void;
}

interface CallDependencies {
  readonly clock: SimClock;
  readonly stallAfterMs: number;
}

const reportEveryMs = 1_000;

/** Faults that pass are retried for 7 s, as a carrier does. */
const passingTries = 8;
const passingPauseMs = 1_000;

/** Makes a call to the destination. It is carried out, fails, or hangs until the silence is over. */
export function callDestination(
  dependencies: CallDependencies,
  destination: FakeDestination,
  kind: CallKind,
  name: string,
  call: Call,
  tries = 1,
): void {
  const answer = destination.answer(kind, name);
  switch (answer.kind) {
    case 'done':
      if (answer.afterMs === 0) finish(call);
      else delayed(dependencies, answer.afterMs, call);
      return;
    case 'fails':
      if (answer.code === 'EAGAIN' && tries < passingTries) {
        const again = (): void => callDestination(dependencies, destination, kind, name, call, tries + 1);
        dependencies.clock.after(passingPauseMs, again);
        return;
      }
      call.returned?.();
      if (call.life.isAlive) call.failed('destination', answer.code, call.operation);
      return;
    case 'hangs':
      destination.whenLetGo(stallUntil(dependencies, 'destination', call, () => finish(call)));
      return;
    case 'silent':
      destination.whenAnswering(
        stallUntil(dependencies, 'destination', call, () => callDestination(dependencies, destination, kind, name, call)),
      );
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

function delayed(dependencies: CallDependencies, afterMs: number, call: Call): void {
  dependencies.clock.after(
    afterMs,
    stallUntil(dependencies, 'destination', call, () => finish(call)),
  );
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
