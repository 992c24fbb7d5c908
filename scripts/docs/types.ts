import { join } from 'node:path';
import { API, type Checker, type Project, type Symbol, SymbolFlags, type Type, TypeFlags } from 'typescript/unstable/sync';
import { statuses } from '../../packages/core/src/model/file.ts';

/** A property of an object in JSON. */
export interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  readonly shape: Shape;
  readonly meaning: string;
}

/** The type of a value. `object` names an {@linkcode ObjectType}. */
export type Shape =
  | { readonly kind: 'plain'; readonly name: string }
  | { readonly kind: 'literals'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'state' }
  | { readonly kind: 'record'; readonly of: Shape; readonly isByState: boolean }
  | { readonly kind: 'array'; readonly of: Shape }
  | { readonly kind: 'object'; readonly name: string }
  | { readonly kind: 'any'; readonly of: readonly Shape[] }
  | { readonly kind: 'null' };

/** An interface of the program. */
export interface ObjectType {
  readonly name: string;
  readonly meaning: string;
  /** The object that it extends. Null: it extends none that has a section. */
  readonly base: string | null;
  /** In addition to those of `base`. */
  readonly fields: readonly Field[];
}

/** Reads the types that documents describe from the sources, with the compiler. */
export interface TypeReader {
  /** The objects that were found so far, by name. */
  readonly objects: ReadonlyMap<string, ObjectType>;
  /** Reads the property of an interface in `documented.ts`. @throws Error if it does not exist */
  property(of: string, name: string): Shape;
  /** Reads the docstrings of the requests. */
  requests(): RequestMeanings;
  close(): void;
}

/**
 * What each request does, and what each of its parameters means. A field of an object has the object's name before it
 * (`who.user`).
 */
export type RequestMeanings = ReadonlyMap<string, { readonly text: string; readonly params: ReadonlyMap<string, string> }>;

const root = join(import.meta.dirname, '../..');

/** Starts the compiler. @throws Error if a type has no docstring, or is of a kind that JSON does not have */
export function readTypes(): TypeReader {
  const api = new API({ cwd: root });
  const snapshot = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] });
  const project = snapshot.getProjects()[0];
  if (project === undefined) throw new Error('tsconfig.json: no project');
  const reader = new Reader(project);
  return {
    objects: reader.objects,
    property: (of, name) => reader.property(of, name),
    requests: () => reader.requests(),
    close: () => api.close(),
  };
}

class Reader {
  readonly objects = new Map<string, ObjectType>();
  readonly #project: Project;
  readonly #checker: Checker;

  constructor(project: Project) {
    this.#project = project;
    this.#checker = project.checker;
  }

  property(of: string, name: string): Shape {
    const type = this.#checker.getDeclaredTypeOfSymbol(this.#exported('scripts/docs/documented.ts', of));
    const property = this.#checker.getPropertyOfType(type, name);
    if (property === undefined) throw new Error(`documented.ts: ${of} has no ${name}`);
    return this.#shapeOf(this.#typeOf(property), `${of}.${name}`);
  }

  requests(): RequestMeanings {
    const requests = this.#typeOf(this.#exported('packages/control/src/protocol/protocol.ts', 'requests'));
    return new Map(
      this.#checker.getPropertiesOfType(requests).map((request) => {
        const where = `requests.${request.name}`;
        return [request.name, { text: this.#meaningOf(request, where), params: new Map(this.#params(request, where, '')) }] as const;
      }),
    );
  }

  /** Returns the parameters of a schema of valibot, and those of the objects in it. */
  #params(schema: Symbol, where: string, prefix: string): readonly (readonly [path: string, meaning: string])[] {
    const entries = this.#checker.getPropertyOfType(this.#typeOf(schema), 'entries');
    if (entries === undefined) return [];
    return this.#checker.getPropertiesOfType(this.#typeOf(entries)).flatMap((param) => {
      const path = `${prefix}${param.name}`;
      return [[path, this.#meaningOf(param, `${where}: ${path}`)] as const, ...this.#params(param, where, `${path}.`)];
    });
  }

  #isInherited(property: Symbol, base: Type): boolean {
    const before = this.#checker.getPropertyOfType(base, property.name);
    return before !== undefined && this.#typeOf(before).id === this.#typeOf(property).id;
  }

  #exported(file: string, name: string): Symbol {
    const source = this.#project.program.getSourceFile(join(root, file));
    const module = source === undefined ? undefined : this.#checker.getSymbolAtLocation(source);
    const found = module === undefined ? undefined : this.#checker.getMemberInModuleExports(module, name);
    if (found === undefined) throw new Error(`${file} does not export ${name}`);
    return found;
  }

  #typeOf(symbol: Symbol): Type {
    const type = this.#checker.getTypeOfSymbol(symbol);
    if (type === undefined || type.isErrorType()) throw new Error(`${symbol.name}: its type cannot be resolved`);
    return type;
  }

  #meaningOf(symbol: Symbol, where: string): string {
    const text = this.#checker.getDocumentationCommentOfSymbol(symbol).replaceAll(/\s+/g, ' ').trim();
    if (text === '') throw new Error(`${where}: its docstring is missing`);
    return text;
  }

  #shapeOf(type: Type, where: string): Shape {
    if (type.isUnionType()) return this.#unionShape(type.getTypes(), where);
    if (type.isLiteralType()) return { kind: 'literals', values: [type.value as string | number | boolean] };
    if (type.flags & TypeFlags.Null) return { kind: 'null' };
    for (const [flag, name] of plain) if (type.flags & flag) return { kind: 'plain', name };
    const [element] = this.#checker.isArrayType(type) && type.isTypeReference() ? this.#checker.getTypeArguments(type) : [];
    if (element !== undefined) return { kind: 'array', of: this.#shapeOf(element, `${where}[]`) };
    const [index] = this.#checker.getIndexInfosOfType(type);
    if (index !== undefined) return { kind: 'record', of: this.#shapeOf(index.valueType, where), isByState: false };
    return this.#objectShape(type, where);
  }

  #unionShape(types: readonly Type[], where: string): Shape {
    const parts = types.filter(({ flags }) => !(flags & TypeFlags.Undefined));
    const literals = parts.flatMap((part) => (part.isLiteralType() ? [part.value as string | number | boolean] : []));
    const others = parts.filter((part) => !part.isLiteralType()).map((part) => this.#shapeOf(part, where));
    const shapes = [...(literals.length === 0 ? [] : [literalShape(literals)]), ...others];
    const isNull = ({ kind }: Shape): boolean => kind === 'null';
    return oneOf([...shapes.filter((shape) => !isNull(shape)), ...shapes.filter(isNull)]);
  }

  #objectShape(type: Type, where: string): Shape {
    const properties = this.#checker.getPropertiesOfType(type);
    const first = properties[0];
    if (first !== undefined && properties.every(({ name }) => isStatus(name))) {
      return { kind: 'record', of: this.#shapeOf(this.#typeOf(first), where), isByState: true };
    }
    const symbol = type.getAliasSymbol() ?? type.getSymbol();
    if (symbol === undefined || symbol.name.startsWith('__'))
      throw new Error(`${where}: give the type of this object a name and a docstring`);
    if (!this.objects.has(symbol.name)) this.#describe(type, symbol);
    return { kind: 'object', name: symbol.name };
  }

  #describe(type: Type, symbol: Symbol): void {
    const { name } = symbol;
    const meaning = this.#meaningOf(symbol, name);
    const fields: Field[] = [];
    const base = type.getBaseTypes()?.find((each) => each.getSymbol()?.name.endsWith('Json'));
    if (base !== undefined) this.#shapeOf(base, name);
    this.objects.set(name, { name, meaning, base: base?.getSymbol()?.name ?? null, fields });
    for (const property of this.#checker.getPropertiesOfType(type)) {
      if (base !== undefined && this.#isInherited(property, base)) continue;
      fields.push({
        name: property.name,
        isOptional: (property.flags & SymbolFlags.Optional) !== 0,
        shape: this.#shapeOf(this.#typeOf(property), `${name}.${property.name}`),
        meaning: this.#meaningOf(property, `${name}.${property.name}`),
      });
    }
  }
}

const plain = [
  [TypeFlags.String, 'string'],
  [TypeFlags.Number, 'number'],
  [TypeFlags.Boolean, 'boolean'],
  [TypeFlags.Unknown, 'any value'],
] as const;

function isStatus(name: string): boolean {
  return statuses.some((status) => status === name);
}

function literalShape(values: readonly (string | number | boolean)[]): Shape {
  if (statuses.every((status) => values.includes(status))) return { kind: 'state' };
  if (values.includes(true) && values.includes(false)) return { kind: 'plain', name: 'boolean' };
  return { kind: 'literals', values };
}

function oneOf(shapes: readonly Shape[]): Shape {
  const [only] = shapes;
  return only !== undefined && shapes.length === 1 ? only : { kind: 'any', of: shapes };
}
