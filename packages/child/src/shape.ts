/** Whether a value that came from another process has a form. Extra fields are none of its business: a type may get new ones. */
export type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === 'string';
export const isFlag: Check = (value) => typeof value === 'boolean';
/** Neither infinite nor NaN. */
export const isNumber: Check = (value) => Number.isFinite(value);
/** A size, a count or a duration: at least 0. */
export const isAmount: Check = (value) => Number.isFinite(value) && (value as number) >= 0;

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

/** A field that may be left out. */
export function orAbsent(check: Check): Check {
  return (value) => value === undefined || check(value);
}

export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

export function oneOf<Word extends string>(...words: readonly Word[]): Check {
  return (value) => (words as readonly unknown[]).includes(value);
}

/** A check for each field of a type. */
export type FieldChecks<Shape> = { readonly [Key in keyof Shape]-?: Check };

export function shapeOf<Shape extends object>(checks: FieldChecks<Shape>): Check {
  const fields = Object.entries<Check>(checks);
  return (value) => isObject(value) && fields.every(([key, check]) => check(value[key]));
}

/** A check for each member of a union, by the word that tells its members apart. */
type MemberChecks<Union extends { readonly kind: string }> = {
  readonly [Kind in Union['kind']]: FieldChecks<Omit<Extract<Union, { kind: Kind }>, 'kind'>>;
};

export function unionOf<Union extends { readonly kind: string }>(members: MemberChecks<Union>): Check {
  const checks = new Map(Object.entries<FieldChecks<object>>(members).map(([kind, fields]) => [kind, shapeOf(fields)]));
  return (value) => isObject(value) && typeof value['kind'] === 'string' && checks.get(value['kind'])?.(value) === true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
