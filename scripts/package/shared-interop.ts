/** esbuild's helper for `import x from 'a-commonjs-module'`. It copies all names of the module into a new object at each such import. */
const helper =
  '__toESM=(mod,isNodeMode,target)=>(target=mod!=null?__create(__getProtoOf(mod)):{},__copyProps(isNodeMode||!mod||!mod.__esModule?' +
  '__defProp(target,"default",{value:mod,enumerable:!0}):target,mod))';

/**
 * The same helper with one object for all imports of a module by files of one kind. The object inherits the names instead of
 * copying them, so that what it costs does not depend on their number.
 */
const shared =
  '__shared=[new Map,new Map],__toESM=(mod,isNodeMode,target)=>__shared[+!!isNodeMode].get(mod)??(' +
  'target=__create(Object(mod)),isNodeMode||!mod||!mod.__esModule?' +
  '__defProp(target,"default",{value:mod,enumerable:!0}):0,__shared[+!!isNodeMode].set(mod,target),target)';

/**
 * Returns a bundle in which all imports of a module share one object. `node:process` alone has a hundred names and is imported by
 * most files.
 * @throws Error if the bundle does not contain the helper in the known form
 */
export function withSharedInterop(bundled: string): string {
  const parts = bundled.split(helper);
  if (parts.length !== 2) throw new Error('esbuild makes another __toESM: compare scripts/package/shared-interop.ts with it');
  return parts.join(shared);
}
