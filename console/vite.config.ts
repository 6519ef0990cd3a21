/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

// The satellite serves what is built here below /console/.
export default defineConfig({
  base: '/console/',
  build: {
    outDir: '../dist/pages/console',
    emptyOutDir: true,
    target: 'es2022',
    // Preloading is for old browsers only, and would be the one inline script of the page.
    modulePreload: { polyfill: false },
    // The page's policy loads no data: URLs but images; one icon as a file costs nothing.
    assetsInlineLimit: 0,
  },
  test: { name: 'console', environment: 'happy-dom' },
});
