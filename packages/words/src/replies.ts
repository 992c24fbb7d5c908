import type { FileJson, GateJson } from '@sluice/control';
import type { FileView, GateView } from '@sluice/core';
import { codeOfReason } from '@sluice/core/model';
import { failureText } from './failures/failure.ts';
import { type FoundThere, findingText } from './failures/finding.ts';

/** Returns a tracked file as scripts and screens see it. */
export function fileJson(view: FileView): FileJson {
  const { error } = view;
  if (error === null) return { ...view, error };
  const { kind, percent, reason } = error;
  return { ...view, error: { kind, code: codeOfReason(reason), percent, ...failureText(error, view.destination) } };
}

/** Returns the state of a destination as scripts and screens see it. */
export function gateJson(view: Pick<GateView, 'state' | 'since'> & FoundThere): GateJson {
  const { state, since, cause, code } = view;
  return { state, since, cause, code, ...findingText(view) };
}
