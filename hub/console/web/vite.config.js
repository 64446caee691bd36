// Names without digests: the hub serves each file with an ETag, and the committed result has small differences.
export default {
  base: '/console/',
  build: {
    target: 'es2022',
    assetsDir: '',
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    rollupOptions: {
      output: {entryFileNames: 'console.js', chunkFileNames: '[name].js', assetFileNames: 'console[extname]'},
    },
  },
};
