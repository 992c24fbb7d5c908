import { type Stored, textOf } from './phrases.ts';

// Converts the sentences that 0.1.0 stored about destinations and failures into the form of version 3. Frozen.

type Detail = Readonly<Record<string, unknown>>;

/** @param known the path of the route's destination, for sentences that do not name it; '' if it is unknown */
export function gateEvent(state: string, detail: Detail, known: string): Stored {
  const [operator, technical] = [textOf(detail['operator']), textOf(detail['technical'])];
  if (state === 'open') return { kind: 'gate_opened', destination: /^a probe of (.*) was answered well$/s.exec(technical)?.[1] ?? known };
  const code = typeof detail['code'] === 'string' ? detail['code'] : null;
  const finding = findingOf(operator, technical, code);
  const destination = destinationOf(operator, technical) ?? known;
  return { kind: 'gate_closed', destination, cause: detail['cause'] ?? 'unknown', code, finding };
}

/** Sentences that name the destination's path. */
const namesDestination: readonly RegExp[] = [
  /^WRONG DISK: (.*) does not hold what Sluice left there/s,
  /^WRONG DISK: (.*) is not the destination it was/s,
  /^nothing is mounted at (.*); mount the share, or/s,
  /^the marker of (.*) is empty or cut short/s,
  /^(.*) has no room for its marker$/s,
  /^(.*) is read-only$/s,
  /^Sluice may not write to (.*); give its user the right to$/s,
  /^(.*) is no folder$/s,
  /^the folder (.*) is missing; mount the share/s,
  /^(.*) cannot be reached \(.*\)$/s,
];

function destinationOf(operator: string, technical: string): string | null {
  const asked = /^no answer to a probe of (.*) within \d+ ms$/s.exec(technical)?.[1];
  if (asked !== undefined) return asked;
  for (const pattern of namesDestination) {
    const path = pattern.exec(operator)?.[1];
    if (path !== undefined) return path;
  }
  return null;
}

/** `technical` says everything that a finding holds, except for findings of a call: `operator` distinguishes these. */
function findingOf(operator: string, technical: string, code: string | null): Stored {
  if (operator.startsWith('the question to the destination was lost')) return { kind: 'prober_lost', how: technical };
  const known = findingOfTechnical(technical);
  if (known !== null) return known;
  const operation = code !== null && technical.endsWith(`: ${code}`) ? technical.slice(0, -code.length - 2) : null;
  if (operation === null) return { kind: 'unspecified', technical };
  if (operator === 'Sluice is ending') return { kind: 'agent_ends', operation };
  if (operator.endsWith(' has no room for its marker')) return { kind: 'no_room_for_marker', operation };
  if (operator.startsWith('the marker of ')) return { kind: 'marker_unclear', operation };
  return { kind: 'call_failed', operation };
}

function findingOfTechnical(technical: string): Stored | null {
  if (technical === 'no probe has answered yet') return { kind: 'not_probed' };
  const deadline = /^no answer to a probe of .* within (\d+) ms$/s.exec(technical)?.[1];
  if (deadline !== undefined) return { kind: 'no_answer', deadlineMs: Number(deadline) };
  const pids = /^abandoned processes still inside a call: ([\d, ]*)$/.exec(technical)?.[1];
  if (pids !== undefined)
    return {
      kind: 'calls_hang',
      pids: pids
        .split(', ')
        .filter((pid) => pid !== '')
        .map(Number),
    };
  const missing = /^\.sluice-destination is missing, expected (.*)$/s.exec(technical)?.[1];
  if (missing !== undefined) return { kind: 'marker_missing', expected: missing };
  const [, found, expected] = /^\.sluice-destination holds (.*), expected (.*)$/s.exec(technical) ?? [];
  if (found !== undefined) return { kind: 'marker_differs', found, expected };
  const under = /^.* lies under (.*), a place for mounts, and nothing is mounted there$/s.exec(technical)?.[1];
  return under === undefined ? null : { kind: 'nothing_mounted', under };
}

/** Converts the error of a FAILED file. */
export function fileError(error: Detail): Detail {
  const code = textOf(error['code']);
  return {
    kind: error['kind'],
    percent: error['percent'],
    reason: reasonOf(textOf(error['technical']), code),
    follows: followsOf(textOf(error['operator'])),
  };
}

function reasonOf(technical: string, code: string): Stored {
  const parts = /^(.*?) on the (source|destination): (\S+) \((.*)\)$/s.exec(technical);
  const [, operation = '', side = 'destination', , message = technical] = parts ?? [];
  if (code === 'AGENT_GONE') return { kind: 'agent_gone' };
  if (code === 'STOPPED') return { kind: 'agent_stopped' };
  if (code === 'SKIPPED') return { kind: 'skipped', by: message.replace(/^skipped by /, '') };
  if (operation === 'probe') {
    // The gate's sentence about a failed call ends in the code.
    return { kind: 'gate', code, destination: destinationOf('', message) ?? '', finding: findingOf('', message, code) };
  }
  return { kind: 'call', fault: { side, code, operation, message } };
}

const waits: Readonly<Record<string, string>> = {
  'waits for room': 'space',
  'needs you: it failed too often': 'needs_you',
  'waits until it is retried by hand': 'operator',
  'is made after a pause': 'backoff',
  'waits and is made when the destination is back': 'network',
  follows: 'turn',
};

const next = new RegExp(`; a fresh copy \\((.*)\\) (${Object.keys(waits).join('|')})$`, 's');

function followsOf(operator: string): Stored {
  const [, as, wait = ''] = next.exec(operator) ?? [];
  return as === undefined ? { kind: 'nothing' } : { kind: 'attempt', as, waitsFor: waits[wait] };
}
