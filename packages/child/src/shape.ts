/** Returns whether a value from another process has a form. Extra fields are allowed, because a type may get new ones. */
export type Check = (value: unknown) => boolean;

/** Accepts a string. */
export const isText: Check = (value) => typeof value === 'string';
/** Accepts a boolean. */
export const isFlag: Check = (value) => typeof value === 'boolean';
/** Accepts a number that is neither infinite nor NaN. */
export const isNumber: Check = (value) => Number.isFinite(value);
/** Accepts a size, a count or a duration: a finite number of at least 0. */
export const isAmount: Check = (value) => Number.isFinite(value) && (value as number) >= 0;

/** Accepts null as well. */
export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

/** Accepts undefined as well, for a field that may be left out. */
export function orAbsent(check: Check): Check {
  return (value) => value === undefined || check(value);
}

/** Accepts an array of such values. */
export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** Accepts one of these words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Check {
  return (value) => (words as readonly unknown[]).includes(value);
}

/** A check for each field of a type. */
export type FieldChecks<Shape> = { readonly [Key in keyof Shape]-?: Check };

/** Accepts an object whose fields pass their checks. */
export function shapeOf<Shape extends object>(checks: FieldChecks<Shape>): Check {
  const keys = Object.keys(checks);
  const fields = Object.values<Check>(checks);
  // A loop, because it runs for every message: `every` on pairs takes twice as long.
  return (value) => {
    if (!isObject(value)) return false;
    for (let at = 0; at < keys.length; at += 1) if (fields[at]?.(value[keys[at] ?? '']) !== true) return false;
    return true;
  };
}

/** A check for each member of a union, by the `kind` of the member. */
type MemberChecks<Union extends { readonly kind: string }> = {
  readonly [Kind in Union['kind']]: FieldChecks<Omit<Extract<Union, { kind: Kind }>, 'kind'>>;
};

/** Accepts a member of a union, by its `kind`. */
export function unionOf<Union extends { readonly kind: string }>(members: MemberChecks<Union>): Check {
  const checks = new Map(Object.entries<FieldChecks<object>>(members).map(([kind, fields]) => [kind, shapeOf(fields)]));
  return (value) => isObject(value) && typeof value['kind'] === 'string' && checks.get(value['kind'])?.(value) === true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
