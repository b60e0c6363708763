// Builds dist/widget.js: one classic script, minified, with its style sheet inside as text.
import { build, transform } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';

const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, '..', 'dist', 'widget.js');

// The first versions that have all that the widget uses (constructable style sheets, well-formed strings, inert).
const target = ['chrome111', 'firefox121', 'safari16.4'];

// Properties of the widget's own objects, shortened: names that are in no frame of the protocol, in no table of texts
// and in no browser object.
const ownProperties = [
  'announce',
  'comeBack',
  'connect',
  'connection',
  'current',
  'done',
  'end',
  'forget',
  'frame',
  'keep',
  'leave',
  'loaded',
  'match',
  'notify',
  'pages',
  'park',
  'put',
  'refresh',
  'settle',
  'settled',
  'show',
  'socket',
  'speak',
  'stage',
  'startOver',
  'stopped',
  'unpark',
  'welcome',
  'withdraw',
];

const styleSheets = {
  name: 'style-sheets-as-text',
  setup(plugin) {
    plugin.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target });
      return { contents: code.trim().replace(/(--\w+): /g, '$1:'), loader: 'text' };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: [join(here, 'src', 'main.ts')],
  write: false,
  bundle: true,
  format: 'iife',
  minify: true,
  charset: 'utf8',
  target,
  mangleProps: new RegExp(`^(${ownProperties.join('|')})$`),
  plugins: [styleSheets],
  tsconfigRaw: {},
  logLevel: 'warning',
});
const { code } = await minify(outputFiles[0].text, {
  ecma: 2020,
  toplevel: true,
  compress: { passes: 3, unsafe_arrows: true, pure_getters: true, keep_fargs: false, hoist_funs: true },
});
mkdirSync(dirname(outfile), { recursive: true });
writeFileSync(outfile, code);
