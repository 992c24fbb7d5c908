import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProbeResult } from '@sluice/core/model';
import * as assert from 'uvu/assert';
import { agentId, type ProberChild, type ProberChildOptions, startProberChild } from './prober-child.ts';

export const first = '11111111-1111-4111-8111-111111111111';
export const second = '22222222-2222-4222-8222-222222222222';
export const probeFile = `.sluice-probe-${agentId}`;

type Of<Kind extends ProbeResult['kind']> = Extract<ProbeResult, { kind: Kind }>;

/** @throws where the answer is of another kind */
export function isKind<Kind extends ProbeResult['kind']>(result: ProbeResult, kind: Kind): asserts result is Of<Kind> {
  assert.is(result.kind, kind, JSON.stringify(result));
}

/** A folder below the temporary one, removed with its prober. */
export async function inFolder(
  work: (prober: ProberChild, root: string) => Promise<void>,
  options: ProberChildOptions = {},
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-prober-'));
  const prober = startProberChild(root, options);
  try {
    await work(prober, root);
  } finally {
    await prober.end();
    await rm(root, { recursive: true, force: true });
  }
}

/** Writes a marker where the prober found none. */
export async function markAs(prober: ProberChild, marker: string): Promise<void> {
  assert.is(await prober.mark(marker, await prober.probe()), marker);
}

/** Probes a destination that is expected to be closed, for this reason. */
export async function expectBad(
  prober: ProberChild,
  cause: Of<'bad'>['cause'],
  code: string,
  expectedMarker: string | null = first,
  writes = true,
): Promise<Of<'bad'>> {
  const result = await prober.probe({ expectedMarker, writes });
  isKind(result, 'bad');
  assert.equal({ cause: result.cause, code: result.code }, { cause, code }, JSON.stringify(result));
  return result;
}
