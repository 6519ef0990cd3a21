// Puts a Brotli and a gzip version beside each text file of the pages; the satellite serves them to whom accepts.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const PAGES = join(import.meta.dirname, '../../dist/pages');
/** Smaller files gain nothing worth a certificate of their own. */
const SMALLEST = 1024;

let before = 0;
let after = 0;
for (const name of readdirSync(PAGES, { recursive: true })) {
  if (!/\.(html|js|css|svg)$/.test(name)) continue;
  const content = readFileSync(join(PAGES, name));
  if (content.length < SMALLEST) continue;
  const brotli = brotliCompressSync(content);
  writeFileSync(join(PAGES, `${name}.br`), brotli);
  writeFileSync(join(PAGES, `${name}.gz`), gzipSync(content, { level: 9 }));
  before += content.length;
  after += brotli.length;
}
console.log(`dist/pages: ${before} bytes of text, ${after} after Brotli`);
