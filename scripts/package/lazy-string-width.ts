import type { Plugin } from 'esbuild';

const namespace = 'lazy-string-width';

/** Its patterns of all emoji take 50 ms to compile. Most runs of the program meet only plain ASCII. */
const contents = `
let whole;
export default function stringWidth(text, options) {
  if (/^[\\x20-\\x7e]*$/.test(text)) return text.length;
  whole ??= require('string-width').default;
  return whole(text, options);
}`;

/** Replaces string-width by a module that loads it when it is first needed. */
export function lazyStringWidth(): Plugin {
  return {
    name: namespace,
    setup: (build) => {
      build.onResolve({ filter: /^string-width$/ }, ({ namespace: from, resolveDir }) =>
        from === namespace ? undefined : { path: 'string-width', namespace, pluginData: resolveDir },
      );
      build.onLoad({ filter: /./, namespace }, ({ pluginData }) => ({ contents, resolveDir: String(pluginData) }));
    },
  };
}
