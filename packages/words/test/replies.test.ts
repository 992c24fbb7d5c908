import { viewFile } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import { statuses } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileJson, gateJson } from '../src/replies.ts';

/** The JSON that is promised to scripts, character by character. */
const file = `{ "v": 1, "id": "uuid", "route": "ingest", "source": "day1/video1.mxf", "destination": "day1/video1_1.mxf",
  "nameValid": true, "nameReason": "recovery", "status": "READY", "hold": "network", "growing": false,
  "phase": null, "behindBytes": null, "sizeBytes": 0, "copiedBytes": 0, "percent": 0.0, "bytesPerSecond": 0, "attempt": 2,
  "error": null, "recoveryOf": "uuid", "recoveredBy": null, "copied": null,
  "hash": { "algorithm": "xxh64", "value": "hex" }, "readback": "direct",
  "afterCopy": "none", "sourceGone": false,
  "discoveredAt": "…", "startedAt": null, "endedAt": null }`;
const error = `{ "kind": "network_interruption", "code": "EIO", "percent": 45.2, "operator": "…", "technical": "…" }`;

const keysOf = (json: string): readonly string[] => Object.keys(JSON.parse(json) as object);

for (const status of statuses) {
  test(`fileJson: ${status} has every promised key, in order, and nothing is lost in JSON`, () => {
    const json = fileJson(viewFile(fileOf(status), true));
    assert.equal(Object.keys(json), keysOf(file));
    assert.equal(JSON.parse(JSON.stringify(json)), json);
    assert.is(json.error === null, status !== 'FAILED');
    if (json.error !== null) assert.equal(Object.keys(json.error), keysOf(error));
  });
}

test('fileJson: the error of a failed file has its code, its percentage and both texts', () => {
  assert.equal(fileJson(viewFile(fileOf('FAILED'), true)).error, {
    kind: 'network_interruption',
    code: 'EIO',
    percent: 45.2,
    operator: 'the destination went offline, at 45.2%; a new copy (day1/clip_2.mxf) starts when the destination is online again',
    technical: 'write on the destination: EIO (i/o error)',
  });
});

test('gateJson: has the state and its beginning, cause and code, and both texts', () => {
  const since = '2023-11-14T22:13:20.000Z';
  const gate = { state: 'closed', since, cause: 'unreachable', code: 'EIO', destination: '/mnt/nas' } as const;
  assert.equal(gateJson({ ...gate, finding: { kind: 'call_failed', operation: 'statfs' } }), {
    state: 'closed',
    since,
    cause: 'unreachable',
    code: 'EIO',
    operator: '/mnt/nas cannot be reached (EIO)',
    technical: 'statfs: EIO',
  });
});

test.run();
