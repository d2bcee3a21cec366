import { defineConfig } from 'vitest/config';

const scenarios = 'test/scenario/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: 'test/template.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    pool: 'forks',
    projects: [
      // A process reads the whole house, its corpus and the store's machine once, not once a file.
      {
        extends: true,
        test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: [scenarios], isolate: false },
      },
      { extends: true, test: { name: 'scenarios', include: [scenarios] } },
    ],
  },
});
