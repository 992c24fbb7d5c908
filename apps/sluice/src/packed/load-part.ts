import process from 'node:process';
import { Script } from 'node:vm';
import { packedFile } from '@sluice/platform';

type Require = (name: string) => unknown;
type Body = (exports: unknown, require: Require, module: { exports: unknown }, fileName: string, folder: string) => void;

/**
 * Loads a part of the bundle: the code of the command line or that of the children, whichever this process needs. The other is not
 * even read.
 * @throws Error if the bundle has no such part
 */
export function loadPart(name: string): unknown {
  const source = packedFile(`${name}.cjs`);
  if (source === null) throw new Error(`the bundle has no ${name}.cjs`);
  const cachedData = packedFile(`${name}.cache`);
  const script = new Script(wrapPart(Buffer.from(source).toString('utf8')), {
    filename: `sluice/${name}.cjs`,
    ...(cachedData === null ? {} : { cachedData }),
  });
  return runPart(script, name);
}

/** Returns the code in the form in which it is compiled. Code that was compiled in advance fits only exactly this text. */
export function wrapPart(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}

/** @returns what the part exports */
export function runPart(script: Script, name: string): unknown {
  const module = { exports: {} as unknown };
  (script.runInThisContext() as Body)(module.exports, builtIn, module, `${name}.cjs`, '');
  return module.exports;
}

/** A part contains everything except Node's own modules. */
function builtIn(name: string): unknown {
  const module: unknown = process.getBuiltinModule(name);
  if (module === undefined) throw new Error(`${name} is not in the bundle`);
  return module;
}
