// The widget as one file. The dashboard import()s /resources/<package>/<output>, and then reads
// window[<key of "node-red-dashboard-2".widgets in package.json>][<component>]: so the library has that name.
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import injectCss from 'vite-plugin-css-injected-by-js';

const WIDGET = 'ui-ripe-garden';

export default defineConfig({
  plugins: [vue(), injectCss()],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: 'resources',
    emptyOutDir: true,
    copyPublicDir: false,
    // Of what is built in.
    license: { fileName: `${WIDGET}.LICENSES.md` },
    lib: { entry: 'ui/index.ts', name: WIDGET, formats: ['umd'], fileName: () => `${WIDGET}.umd.js` },
    // The dashboard brings Vue.
    rolldownOptions: {
      external: ['vue'],
      output: { globals: { vue: 'Vue' } },
      // Says how long plugins take on a slow machine.
      checks: { pluginTimings: false },
    },
  },
});
