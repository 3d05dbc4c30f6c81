import { bundle } from './bundle.ts';

const { outputs } = await bundle('src/main.ts', 'dist/probewise.js');

for (const [file, { bytes }] of Object.entries(outputs)) console.log(`${file}  ${(bytes / 1024).toFixed(0)} KB`);
