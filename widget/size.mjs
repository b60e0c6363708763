// The size gate: dist/widget.js, compressed as the server sends it, stays within its budget.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const kMaxBytes = 8 * 1024;

const source = readFileSync(new URL('../dist/widget.js', import.meta.url));
const brotli = brotliCompressSync(source, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: source.length },
}).length;
console.log(`widget.js: ${brotli} bytes with brotli of ${kMaxBytes} (${source.length} minified)`);
if (brotli > kMaxBytes) {
  console.error(`widget.js is ${brotli - kMaxBytes} bytes over its budget`);
  process.exit(1);
}
