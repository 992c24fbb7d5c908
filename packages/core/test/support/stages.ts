import type { CopyReport, Preflight } from '../../src/model/copy.ts';
import type { FailedFile, SourceEntry } from '../../src/model/file.ts';
import { createScene, type Scene } from './scene.ts';
import type { SceneSettings } from './settings.ts';
import { clip, entry, fingerprint, hash } from './words.ts';

/** An online destination, and an empty source. */
export const open = (settings: SceneSettings = {}): Scene => createScene(settings).online();

/** A destination that was never reached. */
export const shut = (settings: SceneSettings = {}): Scene => createScene(settings).offline();

/** A file that was seen, and has been at rest for as long as is required. */
export function rested(scene: Scene, ...entries: readonly SourceEntry[]): Scene {
  scene.sees(...entries);
  return scene.after(scene.route().settings.stableAfterMs).lists();
}

/** Grew three times, a second apart: a recording of 3000 bytes. */
export const recorded = (scene: Scene, path = 'a.mxf'): Scene =>
  scene
    .sees(clip(path, 1_000))
    .after(1_000)
    .sees(clip(path, 2_000, 2))
    .after(1_000)
    .sees(clip(path, 3_000, 3));

/** `a.mxf` of 5000 bytes is READY. Its destination is offline. */
export const ready = (settings: SceneSettings = {}): Scene => rested(shut(settings), entry('a.mxf'));

/** The file is in preflight. */
export const inPreflight = (settings: SceneSettings = {}): Scene => rested(open(settings), entry('a.mxf'));

/** The file is in the queue behind another one, which has the only lane. */
export const queued = (settings: SceneSettings = {}): Scene => rested(open({ lanes: 1, ...settings }), entry('first.mxf'), entry('a.mxf'));

/** A recording in its preflight. */
export const recordingInPreflight = (settings: SceneSettings = {}): Scene => recorded(open(settings));

/** The result of a preflight. By default: the source is unchanged, the destination does not have the file, and there is room. */
export function preflight(scene: Scene, found: Partial<Preflight> = {}, path = 'a.mxf'): CopyReport {
  const preflight = { sourceFingerprint: scene.file(path).fingerprint, isOther: false, existingSizeBytes: null, freeBytes: null, ...found };
  return { kind: 'preflight', preflight };
}

const begin = (scene: Scene): Scene =>
  scene
    .reports(preflight(scene))
    .reports({ kind: 'creating' })
    .reports({ kind: 'created', identity: { device: '41', inode: '7' } });

/** The hidden temporary file is created. */
export const copying = (settings: SceneSettings = {}): Scene => begin(inPreflight(settings));

/** A recording of 3000 bytes is followed under its visible name. */
export const following = (settings: SceneSettings = {}): Scene => begin(recordingInPreflight(settings));

/** The same in a temporary file, because growing copies are not visible. */
export const followingHidden = (): Scene => {
  const { growing } = createScene().route().settings;
  return following({ route: { growing: { ...growing, visible: false } } });
};

/** A file of this name is at the destination already, and the two are compared. */
export const comparing = (): Scene => {
  const scene = inPreflight();
  return scene.reports(preflight(scene, { existingSizeBytes: 5_000 }));
};

export const progress = (syncedBytes: number, sizeBytes = 5_000): CopyReport => ({
  kind: 'progress',
  syncedBytes,
  sizeBytes,
  phase: null,
  phaseDone: null,
});

export const copied = (sizeBytes = 5_000, mtime = 1): CopyReport => ({ kind: 'copied', hash, fingerprint: fingerprint(sizeBytes, mtime) });

export const failed = (fault: Extract<CopyReport, { kind: 'failed' }>['fault'], syncedBytes = 0, sizeBytes = 5_000): CopyReport => ({
  kind: 'failed',
  fault,
  syncedBytes,
  sizeBytes,
});

export const stalled = (side: 'source' | 'destination' = 'destination', sinceMs = 2_000): CopyReport => ({
  kind: 'stalled',
  side,
  operation: side === 'source' ? 'read a.mxf' : 'fdatasync a.mxf',
  sinceMs,
});

/** All bytes are synced and are read back. */
export const verifying = (settings: SceneSettings = {}): Scene => copying(settings).reports(copied());

export const verified = { kind: 'verified', readback: 'direct', sourceGone: false } as const satisfies CopyReport;

/** The copy is verified and is being published. */
export const publishing = (settings: SceneSettings = {}): Scene => verifying(settings).reports(verified);

export const published: CopyReport = { kind: 'published', notes: [] };

export const completed = (settings: SceneSettings = {}): Scene => publishing(settings).reports(published);

/** A recording that is copied up to its end and read back. */
export const verifyingRecording = (settings: SceneSettings = {}): Scene => following(settings).reports(copied(3_000, 3));

/** The preflight did not reach the destination. */
export const awaitingNetwork = (settings: SceneSettings = {}): Scene =>
  inPreflight(settings).reports(failed({ side: 'destination', code: 'EHOSTDOWN', operation: 'statfs', message: 'away' }));

/** There is no room for it. */
export const awaitingSpace = (settings: SceneSettings = {}): Scene => {
  const scene = inPreflight(settings);
  return scene.reports(preflight(scene, { freeBytes: 5_999 }));
};

/** Sends a probe now, which is answered badly. */
export function close(scene: Scene): Scene {
  scene.route().gate.askedAt = scene.at();
  return scene.offline();
}

/** The attempt that ended last. */
export function lastFailed(scene: Scene): FailedFile {
  const record = scene.journal.findLast((one) => one.kind === 'transition' && one.to === 'FAILED');
  if (record?.kind !== 'transition' || record.file.status !== 'FAILED') throw new Error('nothing has failed');
  return record.file;
}
