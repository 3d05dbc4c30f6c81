import { bundle } from './bundle.ts';

const { outputs } = await bundle('src/main.ts', 'dist/probewise.js');
const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;
const all = Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);

console.log(`dist/probewise.js and ${Object.keys(outputs).length - 1} parts, ${kilobytes(all)}`);
