// Prints what a visitor downloads, and fails when it grows above its limit.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes after gzip, by file in dist/. */
const LIMITS = { 'tracker.js': 2048 };

for (const [name, limit] of Object.entries(LIMITS)) {
  const bytes = readFileSync(`${import.meta.dirname}/dist/${name}`);
  const size = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name}: ${bytes.length} bytes, ${size} after gzip (limit ${limit})`);
  if (size > limit) process.exitCode = 1;
}
