import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/control-plane/**', 'test/cluster/**'],
          // Ten thousand cases on a busy machine: it only ends what hangs.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'control-plane',
          include: ['test/control-plane/**/*.test.ts'],
          globalSetup: ['test/control-plane/harness/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      // Only by name: `npm run test:cluster`. They install, upgrade and remove the chart on somebody's cluster.
      ...(process.argv.includes('cluster')
        ? [
            {
              test: {
                name: 'cluster',
                include: ['test/cluster/**/*.test.ts'],
                globalSetup: ['test/cluster/harness/global-setup.ts'],
                testTimeout: 420_000,
                // Nodes are cut off and killed on a machine that others use: once more is no flaky test forgiven, but a fault met twice.
                retry: 1,
                hookTimeout: 420_000,
                fileParallelism: false,
              },
            },
          ]
        : []),
    ],
  },
});
