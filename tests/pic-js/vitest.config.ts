import { defineConfig } from 'vitest/config';

// One server for all files, as the client's documentation advises; one network per test.
export default defineConfig({
  test: {
    globalSetup: './server.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
