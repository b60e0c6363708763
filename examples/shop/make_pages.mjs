// Writes the shop's *.html files from js/catalogue.js and js/views.js: `node examples/shop/make_pages.mjs`.
// The files are kept in the repository; with --check nothing is written, and the exit code is 1 when one is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frame, isPersonal, modes, paths, view } from './js/views.js';

const here = dirname(fileURLToPath(import.meta.url));
const nobody = { items: () => 0, value: () => 0, lines: () => [] };

// Everything from this origin, nothing inline: the strictest host that a widget is likely to meet.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";

function page({ title, html }, mode) {
  const { header, footer } = frame(mode);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Lamps, stoneware and linen for the hours after six. A demo shop for Beckon.">
<title>${title}</title>
<link rel="icon" href="/images/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop.css">
<link rel="stylesheet" href="/panel.css">
<script type="module" src="/js/${mode === modes.app ? 'app' : 'shop'}.js"></script>
<script async src="/widget.js" data-site="shop"></script>
</head>
<body>${header}
<main id="main" tabindex="-1">${html}
</main>${footer}
</body>
</html>
`;
}

const needsScript = '\n<noscript><p class="band top">The bag is kept in your browser, so this page needs JavaScript.</p></noscript>';

function files() {
  const out = new Map();
  for (const path of paths) {
    const shown = view(path, modes.pages, nobody, null);
    const name = path === '/' ? 'index.html' : `${path.slice(1)}.html`;
    out.set(name, page(isPersonal(path) ? { ...shown, html: needsScript } : shown, modes.pages));
  }
  out.set('404.html', page(view('/404', modes.pages, nobody, null), modes.pages));
  out.set('app.html', page({ title: 'Vesper', html: needsScript }, modes.app));
  return out;
}

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

const stale = [...files()].filter(([name, text]) => read(join(here, name)) !== text);
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`examples/shop/${name} is out of date: run node examples/shop/make_pages.mjs`);
  process.exitCode = stale.length ? 1 : 0;
} else {
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(here, name)), { recursive: true });
    writeFileSync(join(here, name), text);
  }
  console.log(`${stale.length} of ${files().size} pages written`);
}
