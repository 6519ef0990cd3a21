/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

// Two builds of one source: an ES module for bundlers, and (mode "script") one file for a script tag.
export default defineConfig(({ mode }) => ({
  build: {
    emptyOutDir: mode !== 'script',
    target: 'es2022',
    lib:
      mode === 'script'
        ? { entry: 'src/script.ts', formats: ['iife'], name: 'orbiterTracker', fileName: () => 'tracker.js' }
        : { entry: 'src/index.ts', formats: ['es'], fileName: () => 'index.js' },
  },
  test: { name: 'js-client', environment: 'happy-dom' },
}));
