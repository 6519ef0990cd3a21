import { defineConfig } from 'vitest/config';

// One network, one browser, one file after the other: the figures of one test must not move under another.
export default defineConfig({
  test: {
    name: 'browser',
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
