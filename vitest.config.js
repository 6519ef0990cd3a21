import { defineConfig } from 'vitest/config';

// Unit tests only: what needs a running network is a workspace of its own under tests/ and started from there.
export default defineConfig({
  test: {
    projects: ['js-client', 'console', 'src/satellite/demo'],
  },
});
