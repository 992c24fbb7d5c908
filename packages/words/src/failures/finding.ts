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

const hangsText = 'the destination hangs: calls to it do not return; bring its server back, or unmount it';

/** Returns what is known about a destination. */
export function findingText(found: FoundThere): TwoTexts {
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
        operator: `the destination has not answered for ${finding.deadlineMs / 1000} s`,
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
      return failedCall(`${destination} has no room for the marker file; make room there`, finding.operation);
    case 'marker_refused':
      return failedCall(
        `Sluice cannot write its marker file to ${destination} (${finding.operation}: ${code}); let its user create files there`,
        `${finding.operation} ${markerName}`,
      );
    case 'marker_unclear':
      return failedCall(
        `the marker file of ${destination} is empty, cut short or not a regular file; Sluice reads it again. If it stays so, remove ${join(destination, markerName)}; if Sluice then reports WRONG DISK, adopt the destination`,
        finding.operation,
      );
    case 'marker_denied':
      return failedCall(
        `Sluice may not read the marker file of ${destination}; let its user read ${join(destination, markerName)}`,
        finding.operation,
      );
    case 'marker_missing':
      return {
        operator: `WRONG DISK: the marker file that Sluice left in ${destination} is missing; is the share mounted?`,
        technical: `${markerName} is missing, expected ${finding.expected}`,
      };
    case 'marker_differs':
      return {
        operator: `WRONG DISK: ${destination} is not the known destination; mount the right one, or adopt this one`,
        technical: `${markerName} holds ${finding.found}, expected ${finding.expected}`,
      };
    case 'nothing_mounted':
      return {
        operator: `nothing is mounted at ${destination}; mount the share, or adopt the plain folder if you mean it`,
        technical: `${destination} lies under ${finding.under}, a place for mounts, and nothing is mounted there`,
      };
    case 'unspecified':
      return { operator: unspecifiedText(destination, found.cause, code), technical: finding.technical };
    default:
      return unreachable(finding);
  }
}

function failedCallText(destination: string, cause: GateCause | null, code: string): string {
  if (cause === 'read_only') return `${destination} is read-only; mount it writable`;
  if (cause === 'denied') return `Sluice may not write to ${destination}; let its user write there`;
  switch (code) {
    case 'ENOTDIR':
      return `${destination} is not a folder`;
    case 'REMOUNTED':
      return 'the destination was mounted again; Sluice checks which one it is';
    case 'ENOENT':
      return `the folder ${destination} is missing; mount the share or create the folder`;
    default:
      return `${destination} cannot be reached (${code})`;
  }
}

/** Only the cause is known. */
function unspecifiedText(destination: string, cause: GateCause | null, code: string): string {
  switch (cause) {
    case 'timeout':
      return 'the destination did not answer';
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
