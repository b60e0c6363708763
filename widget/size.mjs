// The size gates: what the widget's scripts weigh, compressed as the server sends them.
import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

/** The one script that every page loads. */
const kMaxWidgetBytes = 8 * 1024;
/** All together: with the forms, and the chat's panel. */
const kMaxBytes = 20 * 1024;

const dist = new URL('../dist/', import.meta.url);

function compressed(name) {
  const source = readFileSync(new URL(name, dist));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: source.length };
  const bytes = brotliCompressSync(source, { params }).length;
  console.log(`${name}: ${bytes} bytes with brotli (${source.length} minified)`);
  return bytes;
}

function gate(what, bytes, most) {
  console.log(`${what}: ${bytes} of ${most}`);
  if (bytes <= most) return;
  console.error(`${what} is ${bytes - most} bytes over its budget`);
  process.exitCode = 1;
}

const later = readdirSync(dist).filter((name) => /^(chat|forms)-.*\.js$/.test(name));
const widget = compressed('widget.js');
gate('widget.js', widget, kMaxWidgetBytes);
gate('all', later.reduce((sum, name) => sum + compressed(name), widget), kMaxBytes);
