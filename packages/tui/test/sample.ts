import type { FileJson, ScreenFrame, ScreenRow } from '@sluice/control';
import { initialModel } from '../src/model/initial-model.ts';
import type { Message, Model } from '../src/model/model.ts';
import { update } from '../src/update/update.ts';

/** Returns a row whose file has its id as name. */
export function row(id: string, change: Partial<FileJson> = {}): ScreenRow {
  const file = {
    v: 1,
    id,
    route: 'ingest',
    source: `${id}.mxf`,
    destination: `${id}.mxf`,
    status: 'READY',
    hold: null,
    ...change,
  } as FileJson;
  return { file, depth: 0, reason: '', etaMs: null };
}

export function frame(ids: readonly string[], change: Partial<ScreenFrame> = {}): ScreenFrame {
  const rows = ids.map((id) => row(id));
  const route = { name: 'ingest', gate: { state: 'open', cause: null }, hold: null };
  return {
    v: 1,
    at: '2026-11-23T00:00:00.000Z',
    seq: 1,
    routes: [route],
    totals: { done: 0, failed: 0, recovered: 0 },
    rows: { total: rows.length, matched: rows.length, offset: 0, rows },
    ...change,
  } as ScreenFrame;
}

export function started(change: Partial<Model> = {}): Model {
  const model = initialModel({ columns: 80, rows: 24, now: 0, isReadOnly: false });
  return { ...model, link: { kind: 'connected' }, ...change };
}

/** Applies messages one after the other, and returns the model and the intents, in order. */
export function run(model: Model, ...messages: readonly Message[]) {
  const intents: unknown[] = [];
  let now = model;
  for (const message of messages) {
    const updated = update(now, message);
    now = updated.model;
    intents.push(...updated.intents);
  }
  return { model: now, intents };
}

export const key = (name: string): Message => ({ kind: 'key', key: name });
export const shows = (next: ScreenFrame): Message => ({ kind: 'frame', frame: next });
