// Builds dist/widget.js, one classic script, and the two modules that it loads when they are needed: dist/forms-HASH.js when
// a call button or a survey is shown, dist/chat-HASH.js when the chat is opened. All are minified, with their style sheets
// inside as text.
import { build, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '..', 'dist');

// The first versions that have all that the widget uses (constructable style sheets, well-formed strings, inert).
const target = ['chrome111', 'firefox121', 'safari16.4'];

// Properties of the widget's own objects, shortened: names that are in no frame of the protocol, in no table of texts
// and in no browser object.
const ownProperties = [
  'announce',
  'comeBack',
  'config',
  'connect',
  'connected',
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
  'mount',
  'note',
  'notify',
  'pages',
  'panelClosed',
  'park',
  'parts',
  'primary',
  'put',
  'receive',
  'refresh',
  'safeAddress',
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

// The two scripts hand objects to one another: what is shortened in one is shortened alike in the other.
let mangleCache = {};

async function script(entry, format, define) {
  const built = await build({
    entryPoints: [join(here, 'src', entry)],
    write: false,
    bundle: true,
    format,
    minify: true,
    charset: 'utf8',
    target,
    define,
    mangleProps: new RegExp(`^(${ownProperties.join('|')})$`),
    mangleCache,
    plugins: [styleSheets],
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  mangleCache = built.mangleCache;
  const { code } = await minify(built.outputFiles[0].text, {
    ecma: 2020,
    module: format === 'esm',
    toplevel: true,
    compress: { passes: 3, unsafe_arrows: true, pure_getters: true, keep_fargs: false, hoist_funs: true },
  });
  return code;
}

// In the letters that the server takes for a name that never gets another content.
function hashOf(text) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return [...createHash('sha256').update(text).digest().subarray(0, 8)].map((byte) => letters[byte % 32]).join('');
}

mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) if (/^(chat|forms)-.*\.js$/.test(name)) rmSync(join(dist, name));

/** Writes a script that is loaded when it is needed, and gives its path on the server, quoted. */
async function later(name, entry) {
  const code = await script(entry, 'esm', {});
  const file = `${name}-${hashOf(code)}.js`;
  writeFileSync(join(dist, file), code);
  return JSON.stringify('widget/' + file);
}

const define = { CHAT_SCRIPT: await later('chat', 'chat/panel.ts'), FORMS_SCRIPT: await later('forms', 'forms.ts') };
writeFileSync(join(dist, 'widget.js'), await script('main.ts', 'iife', define));
