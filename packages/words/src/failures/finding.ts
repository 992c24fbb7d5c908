import { join } from 'node:path';
import type { GateEvent } from '@sluice/core';
import { markerName } from '@sluice/core/marker';
import { type Finding, type GateCause, unreachable } from '@sluice/core/model';

/** A text in two sentences: what it means to a person, and what exactly was observed. */
export interface TwoTexts {
  readonly operator: string;
  readonly technical: string;
}

/** A finding about a destination, with the values for its text. */
export interface FoundThere {
  /** The path as it was configured. */
  readonly destination: string;
  readonly cause: GateCause | null;
  readonly code: string | null;
  readonly finding: Finding;
}

/** Returns what a change of a gate says about its destination. */
export function foundBy(event: GateEvent): FoundThere {
  switch (event.kind) {
    case 'gate_opened':
      return { destination: event.destination, cause: null, code: null, finding: { kind: 'answers' } };
    case 'gate_closed':
      return event;
    default:
      return unreachable(event);
  }
}

const hangsText = 'the destination hangs: calls to it do not return';

/** Returns what is known about a destination, and what a person does about it. @param route null: unknown */
export function findingText(found: FoundThere, route: string | null = null): TwoTexts {
  const { operator, technical } = findingProblem(found);
  const remedy = findingRemedy(found, route);
  return { operator: remedy === null ? operator : `${operator}; ${remedy}`, technical };
}

/**
 * Returns what a person does about a finding: one sentence without a full stop. Null: Sluice goes on by itself when the storage is
 * back. @param route null: unknown
 */
export function findingRemedy({ destination, finding, cause, code }: FoundThere, route: string | null): string | null {
  const adopt = `run sluice adopt ${route ?? 'ROUTE'}`;
  const marker = join(destination, markerName);
  switch (finding.kind) {
    case 'call_failed':
    case 'unspecified':
      return remedyOfCause(cause, code, adopt);
    case 'calls_hang':
      return hungRemedy;
    case 'no_room_for_marker':
      return 'make room there';
    case 'marker_refused':
      return 'let the user of Sluice create files there';
    case 'marker_unclear':
      return `Sluice reads it again; if it stays so, remove ${marker}, then ${adopt} if Sluice reports WRONG DISK`;
    case 'marker_denied':
      return `let the user of Sluice read ${marker}`;
    case 'marker_missing':
    case 'marker_differs':
      return `connect the right disk or share, or ${adopt} if this one is meant`;
    case 'nothing_mounted':
      return `mount the share, or ${adopt} if the plain folder is meant`;
    case 'not_probed':
    case 'answers':
    case 'no_answer':
    case 'prober_lost':
    case 'agent_ends':
      return null;
    default:
      return unreachable(finding);
  }
}

const hungRemedy = 'bring its server back, or unmount it';

function remedyOfCause(cause: GateCause | null, code: string | null, adopt: string): string | null {
  if (cause === 'read_only') return 'mount it with write access';
  if (cause === 'denied') return 'let the user of Sluice write there';
  if (cause === 'hung') return hungRemedy;
  if (cause === 'not_the_destination') return `connect the right disk or share, or ${adopt} if this one is meant`;
  return code === 'ENOENT' ? 'mount the share or create the folder' : null;
}

/** Returns what is known about a destination, without a remedy. */
export function findingProblem(found: FoundThere): TwoTexts {
  const { destination, finding } = found;
  const code = found.code ?? 'unknown';
  const failedCall = (operator: string, operation: string): TwoTexts => ({ operator, technical: `${operation}: ${code}` });
  switch (finding.kind) {
    case 'not_probed':
      return { operator: 'Sluice is checking the destination and has no answer yet', technical: 'no probe has answered yet' };
    case 'answers':
      return { operator: 'the destination is online', technical: `a probe of ${destination} was answered` };
    case 'no_answer':
      return {
        operator: 'the destination does not answer',
        technical: `no answer to a probe of ${destination} within ${finding.deadlineMs} ms`,
      };
    case 'calls_hang':
      return {
        operator: hangsText,
        technical: `abandoned processes still inside a call: ${finding.pids.join(', ')}`,
      };
    case 'prober_lost':
      return { operator: 'the process that probes the destination ended; Sluice starts another one', technical: finding.how };
    case 'agent_ends':
      return failedCall('Sluice is stopping', finding.operation);
    case 'call_failed':
      return failedCall(failedCallText(destination, found.cause, code), finding.operation);
    case 'no_room_for_marker':
      return failedCall(`${destination} has no room for the marker file`, finding.operation);
    case 'marker_refused':
      return failedCall(
        `Sluice cannot write its marker file to ${destination} (${finding.operation}: ${code})`,
        `${finding.operation} ${markerName}`,
      );
    case 'marker_unclear':
      return failedCall(`the marker file of ${destination} is empty, cut short or not a regular file`, finding.operation);
    case 'marker_denied':
      return failedCall(`Sluice may not read the marker file of ${destination}`, finding.operation);
    case 'marker_missing':
      return {
        operator: `WRONG DISK: the marker file that Sluice left in ${destination} is missing`,
        technical: `${markerName} is missing, expected ${finding.expected}`,
      };
    case 'marker_differs':
      return {
        operator: `WRONG DISK: ${destination} is not the known destination`,
        technical: `${markerName} holds ${finding.found}, expected ${finding.expected}`,
      };
    case 'nothing_mounted':
      return {
        operator: `nothing is mounted at ${destination}`,
        technical: `${destination} lies under ${finding.under}, a place for mounts, and nothing is mounted there`,
      };
    case 'unspecified':
      return { operator: unspecifiedText(destination, found.cause, code), technical: finding.technical };
    default:
      return unreachable(finding);
  }
}

function failedCallText(destination: string, cause: GateCause | null, code: string): string {
  if (cause === 'read_only') return `${destination} is read-only`;
  if (cause === 'denied') return `Sluice may not write to ${destination}`;
  switch (code) {
    case 'ENOTDIR':
      return `${destination} is not a folder`;
    case 'REMOUNTED':
      return 'the destination was mounted again; Sluice checks which one it is';
    case 'ENOENT':
      return `the folder ${destination} is missing`;
    default:
      return `${destination} cannot be reached (${code})`;
  }
}

/** Only the cause is known. */
function unspecifiedText(destination: string, cause: GateCause | null, code: string): string {
  switch (cause) {
    case 'timeout':
      return 'the destination does not answer';
    case 'hung':
      return hangsText;
    case 'not_the_destination':
      return `WRONG DISK: ${destination} is not the known destination`;
    case 'read_only':
    case 'denied':
    case 'unreachable':
      return failedCallText(destination, cause, code);
    case 'unknown':
    case null:
      return 'the destination is offline';
    default:
      return unreachable(cause);
  }
}
