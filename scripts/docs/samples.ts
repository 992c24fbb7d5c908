import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectType, Shape } from './types.ts';

/** A value for `Object.field`, as a real program printed it. */
export type Examples = ReadonlyMap<string, unknown>;

/** Reads a file of `samples`. */
export function sampleText(file: string): string {
  return readFileSync(join(import.meta.dirname, 'samples', file), 'utf8');
}

/** Values of states that last for moments or need special storage, so that no sample has them. */
const rare: readonly (readonly [field: string, value: unknown])[] = [
  ['ScreenRow.retryAt', '2026-11-28T16:29:00.512Z'],
  ['CheckedSource.kind', 'unanswered'],
  ['CheckedSource.why', 'no answer within 60000 ms'],
  ['DestinationMount.cache', 'writes'],
  ['RemovalsView.emptyFolders', 2],
  ['RenamedFiles.count', 12],
  ['Renaming.what', 'folder'],
  ['Renaming.from', 'day1'],
  ['Renaming.to', 'day1-b'],
  ['Renaming.files', 12],
  ['Renaming.onRename', 'copy'],
  ['FileJson.renamedFrom', 'day1/clip.mxf'],
  ['FileJson.renamedTo', 'day1-b/clip.mxf'],
];

/** Compares what the program printed with the types that describe it, and collects an example for each field. */
export class Samples {
  readonly examples = new Map<string, unknown>();
  readonly #objects: ReadonlyMap<string, ObjectType>;

  constructor(objects: ReadonlyMap<string, ObjectType>) {
    this.#objects = objects;
  }

  /** Reads a file of JSON lines from `samples`. @throws Error if a line does not have the type */
  read(file: string, shape: Shape): void {
    const lines = sampleText(file)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    for (const line of lines) this.take(line, shape, file);
  }

  /**
   * Compares one value with its type, and keeps examples from it.
   * @throws Error if the value has another type or a key that its type does not have, or lacks a key
   */
  take(value: unknown, shape: Shape, where: string): void {
    if (shape.kind === 'any') {
      const fitting = shape.of.find((each) => this.#fits(value, each));
      if (fitting === undefined) throw new Error(`${where}: ${JSON.stringify(value)} is not of the type that documents it`);
      this.take(value, fitting, where);
      return;
    }
    if (!this.#fits(value, shape)) throw new Error(`${where}: ${JSON.stringify(value)} is not of the type that documents it`);
    if (shape.kind === 'array') for (const each of value as readonly unknown[]) this.take(each, shape.of, `${where}[]`);
    if (shape.kind === 'object') this.#takeObject(value as Readonly<Record<string, unknown>>, shape.name, where);
  }

  #takeObject(value: Readonly<Record<string, unknown>>, name: string, where: string): void {
    const known = new Set(this.#lineage(name).flatMap(({ fields }) => fields.map((field) => field.name)));
    const unknown = Object.keys(value).find((key) => !known.has(key));
    if (unknown !== undefined) throw new Error(`${where}: ${name} has no field ${unknown}`);
    const taken = new Set<string>();
    for (const object of this.#lineage(name)) {
      const fields = object.fields.filter((field) => !taken.has(field.name));
      for (const field of fields) taken.add(field.name);
      this.#takeFields(value, { ...object, fields }, where);
    }
  }

  /** Adds the examples that no sample has, after all others. */
  addRare(): void {
    for (const [field, value] of rare) if (!this.examples.has(field)) this.examples.set(field, value);
  }

  /** Returns an object and those that it extends. */
  #lineage(name: string): readonly ObjectType[] {
    const object = this.#objects.get(name);
    if (object === undefined) throw new Error(`${name} is not described`);
    return [object, ...(object.base === null ? [] : this.#lineage(object.base))];
  }

  #takeFields(value: Readonly<Record<string, unknown>>, { name, fields }: ObjectType, where: string): void {
    const order = Object.keys(value);
    for (const field of fields.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))) {
      const own = value[field.name];
      if (own === undefined && field.isOptional) continue;
      if (own === undefined) throw new Error(`${where}: ${name}.${field.name} is missing`);
      const key = `${name}.${field.name}`;
      if (isBetter(own, this.examples.get(key))) this.examples.set(key, own);
      this.take(own, field.shape, `${where}: ${field.name}`);
    }
  }

  #fits(value: unknown, shape: Shape): boolean {
    switch (shape.kind) {
      case 'plain':
        return shape.name === 'any value' || typeof value === shape.name;
      case 'null':
        return value === null;
      case 'literals':
        return shape.values.some((each) => each === value);
      case 'state':
        return typeof value === 'string';
      case 'array':
        return Array.isArray(value);
      case 'record':
      case 'object':
        return typeof value === 'object' && value !== null && !Array.isArray(value);
      case 'any':
        return shape.of.some((each) => this.#fits(value, each));
    }
  }
}

/** Prefers the first value that says something to null and 0. */
function isBetter(value: unknown, before: unknown): boolean {
  if (before === undefined) return true;
  const saysNothing = (each: unknown): boolean => each === null || each === 0 || each === '' || (Array.isArray(each) && each.length === 0);
  return saysNothing(before) && !saysNothing(value);
}
