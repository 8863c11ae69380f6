import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests run against the compiled packages, because what is tested must be what is shipped: workers, kernels and
// commands load `dist` too. `npm test` builds first; while editing, keep `npm run build -- --watch` beside it.
// Whatever they write to a temporary place is gone when they are done, also of tests that were killed.
const folder = mkdtempSync(join(tmpdir(), 'lab-test-'));
process.env.LAB_TEST_FOLDER = folder;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Trials of tests must not count against the strategies of whoever runs them.
    env: { LAB_STORE: join(folder, 'store'), TMPDIR: folder },
    globalSetup: ['./test/support/temporary-folder.mjs'],
    reporters: ['default', './test/support/summary-reporter.mjs'],
  },
});
