// Modules of the console, built for node: what has no browser in it is tested without one.
import { build } from 'esbuild';

/** What all of `paths` export, as one module: their classes are the same ones. */
export async function load(...paths) {
  const { outputFiles } = await build({
    stdin: {
      contents: paths.map((path) => `export * from './${path}';`).join('\n'),
      resolveDir: new URL('../../../console/src', import.meta.url).pathname,
    },
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfigRaw: {},
  });
  return import('data:text/javascript;base64,' + Buffer.from(outputFiles[0].text).toString('base64'));
}
