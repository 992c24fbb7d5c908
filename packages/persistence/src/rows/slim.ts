import type { TrackedFile } from '@sluice/core/model';

/** What most files have. A stored record leaves it out, and a name at the destination that is the source's. */
const usual = {
  nameValid: true,
  nameNumber: 0,
  nameReason: null,
  mayGrow: false,
  attempt: 1,
  countedAttempts: 0,
  recoveryOf: null,
  recoveredBy: null,
  burned: [],
  leftParts: [],
  leftVisible: [],
  toMark: [],
  startedAt: null,
  endedAt: null,
  sourceGone: false,
} as const satisfies Partial<TrackedFile>;

/** Returns the JSON of a file without what its row says already, and without what most files have. */
export function slimRecord(file: TrackedFile): string {
  const told: Record<string, unknown> = {};
  const values = file as unknown as Readonly<Record<string, unknown>>;
  for (const key in values) {
    if (key === 'id' || key === 'status' || isUsual(key, values[key])) continue;
    if (key !== 'destination' || file.destination !== file.source) told[key] = values[key];
  }
  return JSON.stringify(told);
}

function isUsual(key: string, value: unknown): boolean {
  if (!Object.hasOwn(usual, key)) return false;
  const expected = usual[key as keyof typeof usual];
  return expected === value || (Array.isArray(expected) && Array.isArray(value) && value.length === 0);
}

/** Puts back what was left out. Records of earlier versions left out nothing. */
export function wholeRecord(record: object, row: { readonly id: string; readonly status: string }): object {
  const { source } = record as { readonly source?: unknown };
  return { id: row.id, status: row.status, ...usual, destination: source, ...record };
}
