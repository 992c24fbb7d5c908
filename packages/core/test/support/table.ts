import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Hold, Status } from '../../src/model/file.ts';
import type { Scene } from './scene.ts';

/** One row of a table of a room: a state, an event, and what follows. */
export interface Row {
  /** The claim. The symbol of the room is put before it. */
  readonly claim: string;
  readonly given: () => Scene;
  /** The event. */
  readonly when: (scene: Scene) => Scene;
  /** The expected status of the newest file of `a.mxf`. */
  readonly status: Status;
  readonly hold?: Hold | null;
  /** All records, in order. */
  readonly wrote: readonly string[];
  /** All effects, in order. */
  readonly asked: readonly string[];
  /** A check that a line of text cannot express. */
  readonly also?: (scene: Scene) => void;
}

export function table(room: string, rows: readonly Row[]): void {
  for (const row of rows) {
    test(`${room}: ${row.claim}`, () => {
      const scene = row.when(row.given());
      assert.equal(scene.last.wrote, row.wrote);
      assert.equal(scene.last.asked, row.asked);
      assert.is(scene.file().status, row.status);
      assert.is(scene.hold(), row.hold ?? null);
      row.also?.(scene);
    });
  }
}
