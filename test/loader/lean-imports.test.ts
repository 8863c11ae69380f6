import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileModule } from '@streamscalp/lib/loader/module-file';
import { afterAll, describe, expect, it } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'lean-imports-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function importsOf(source: string): Promise<string[]> {
  const path = join(directory, 'module.ts');
  writeFileSync(path, source);
  const { compiled } = await compileModule(path);
  const code = readFileSync(compiled, 'utf8');
  return [...code.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name]) => name!).sort();
}

describe('a compiled strategy', () => {
  it('imports from the library only the files that hold what it uses', async () => {
    const source = `import { defineStrategy, sma, z } from '@streamscalp/lib';
      export default defineStrategy({ name: 's', params: z.object({}), create: (_, { close }) => {
        close(sma(3)); return { onBar() {} }; } });`;
    expect(await importsOf(source)).toEqual([
      '@streamscalp/lib/engine/strategy',
      '@streamscalp/lib/indicators/sma',
      'zod',
    ]);
  });

  it('may still name a file of the library itself', async () => {
    const source = `import { Random } from '@streamscalp/lib/core/random'; export default Random;`;
    expect(await importsOf(source)).toEqual(['@streamscalp/lib/core/random']);
  });
});
