import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Hold, Status } from '../../src/model/file.ts';
import type { Scene } from './scene.ts';

/** One line of a room's table: given a state, after an event, what follows. */
export interface Row {
  /** The claim; the room's symbol is put before it. */
  readonly claim: string;
  readonly given: () => Scene;
  /** The one thing that happens. */
  readonly when: (scene: Scene) => Scene;
  /** Of the newest file of `a.mxf`. */
  readonly status: Status;
  readonly hold?: Hold | null;
  /** All that is written, in order. */
  readonly wrote: readonly string[];
  /** All that is asked for, in order. */
  readonly asked: readonly string[];
  /** What a line of text cannot say. */
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
