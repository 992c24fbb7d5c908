import type { Side } from '@sluice/core';
import type { SimClock } from '../sim-clock.ts';
import type { CallKind, FakeDestination } from './destination.ts';
import type { ReadableSource } from './source.ts';

/** A process, or one copy in it: what it had sent goes on without it, what it would do next does not. */
export interface Life {
  isAlive: boolean;
  /** Its late words are dropped before core hears of them: those of another generation. */
  isUnheard: boolean;
}

/** One call and what follows from it. */
export interface Call {
  readonly operation: string;
  readonly life: Life;
  stalled(side: Side, operation: string, sinceMs: number): void;
  failed(side: Side, code: string, operation: string): void;
  /** Done, even where its caller is dead by now: what follows has to look. */
  done(): void;
  /** It came back, done or failed, whoever is still there. */
  returned?(): void;
}

interface Means {
  readonly clock: SimClock;
  readonly stallAfterMs: number;
}

const tellEveryMs = 1_000;

/** A call to the destination: done, failed, or hanging until the silence is over. */
export function callDestination(means: Means, destination: FakeDestination, kind: CallKind, name: string, call: Call): void {
  const answer = destination.answer(kind, name);
  switch (answer.kind) {
    case 'done':
      if (answer.afterMs === 0) finish(call);
      else delayed(means, answer.afterMs, call);
      return;
    case 'fails':
      call.returned?.();
      if (call.life.isAlive) call.failed('destination', answer.code, call.operation);
      return;
    case 'hangs':
      destination.whenLetGo(stallUntil(means, 'destination', call, () => finish(call)));
      return;
    case 'silent':
      destination.whenAnswering(stallUntil(means, 'destination', call, () => callDestination(means, destination, kind, name, call)));
  }
}

/** A call to the source. */
export function callSource(means: Means, source: ReadableSource, path: string, call: Call): void {
  if (source.weather() === 'silent') {
    source.whenAnswering(stallUntil(means, 'source', call, () => callSource(means, source, path, call)));
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

function delayed(means: Means, afterMs: number, call: Call): void {
  means.clock.after(
    afterMs,
    stallUntil(means, 'destination', call, () => finish(call)),
  );
}

/** Tells every second that the call has not come back. @returns what ends the wait */
function stallUntil({ clock, stallAfterMs }: Means, side: Side, call: Call, then: () => void): () => void {
  const startedAt = clock.monotonic();
  let isOver = false;
  const tell = (): void => {
    if (isOver || !call.life.isAlive) return;
    call.stalled(side, call.operation, clock.monotonic() - startedAt);
    clock.after(tellEveryMs, tell);
  };
  clock.after(stallAfterMs, tell);
  return () => {
    isOver = true;
    then();
  };
}
