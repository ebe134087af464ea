import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'page',
  base: './',
  plugins: [react()],
  // Some of Grafana's dependencies look at Node's `process`.
  define: { 'process.env': {}, 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: process.env.PAGE_DIR,
    target: 'esnext',
    minify: false,
    emptyOutDir: true,
    chunkSizeWarningLimit: 20000,
    reportCompressedSize: false,
    // Grafana's libraries name a few exports that the pinned versions of others no longer have.
    rollupOptions: { shimMissingExports: true },
  },
});
