// Builds dist/widget.js: one classic script, minified, with its style sheet inside as text.
import { build, transform } from 'esbuild';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, '..', 'dist', 'widget.js');
// The first versions that can do what the widget needs (constructable style sheets, Array.at, Object.hasOwn, inert).
const target = ['chrome102', 'firefox112', 'safari16.4'];

const styleSheets = {
  name: 'style-sheets-as-text',
  setup(plugin) {
    plugin.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(here, 'src', 'main.ts')],
  outfile,
  bundle: true,
  format: 'iife',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  target,
  plugins: [styleSheets],
  logLevel: 'warning',
});
