import { rmSync } from 'node:fs';

/** After all tests: what they left in the folder that the configuration made for them. */
export function teardown() {
  const folder = process.env.LAB_TEST_FOLDER;
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
