// The pages in the repository are those that the catalogue and the views make, and each names what a browser asks for.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './support/beckon.mjs';

const shop = join(root, 'examples/shop');
const pages = readdirSync(shop, { recursive: true }).filter((name) => name.endsWith('.html'));

test('the pages are up to date with catalogue and views', () => {
  execFileSync(process.execPath, [join(shop, 'make_pages.mjs'), '--check'], { stdio: 'pipe' });
});

test('every page has one script tag of Beckon and nothing inline', () => {
  assert.ok(pages.length >= 16);
  for (const name of pages) {
    const text = readFileSync(join(shop, name), 'utf8');
    assert.equal(text.split('<script async src="/widget.js" data-site="shop"></script>').length, 2, name);
    assert.doesNotMatch(text, /<style|\sstyle=|\son[a-z]+=|<script>/, name);
    assert.match(text, /Content-Security-Policy/, name);
  }
});

test('every picture and every page that is linked to is there', () => {
  const there = new Set(readdirSync(shop, { recursive: true }).map((name) => `/${name}`));
  for (const name of pages) {
    const text = readFileSync(join(shop, name), 'utf8');
    for (const [, path] of text.matchAll(/(?:href|src)="(\/[^"#]*)"/g)) {
      const file = path === '/' ? '/index.html' : path === '/app' || path.startsWith('/app/') ? '/app.html' : path;
      if (path !== '/widget.js') assert.ok(there.has(file) || there.has(`${file}.html`), `${name}: ${path}`);
    }
  }
});
