import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compileModule } from '@streamscalp/lib/loader/module-file';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'compile-record-'));
const source = join(directory, 'record-me.ts');
const part = join(directory, 'part.ts');
afterAll(() => rmSync(directory, { recursive: true }));

/** The record of the source, and the number by which one that was written anew would differ. */
async function compiled() {
  const module = await compileModule(source);
  const cache = dirname(module.compiled);
  const file = readdirSync(cache)
    .filter((name) => /^record-me-.*\.json$/.test(name))
    .map((name) => join(cache, name))
    .find((name) => readFileSync(name, 'utf8').includes(source));
  const { default: value } = await import(`${module.compiled}?${Math.random()}`);
  return { ...module, value, file, made: file && statSync(file).ino };
}

describe('a module that was compiled before', () => {
  beforeEach(() => {
    writeFileSync(part, 'export const part: number = 1;');
    writeFileSync(source, `import { part } from './part.ts'; export default part;`);
  });

  it('is not compiled again while nothing it was made from changed', async () => {
    const first = await compiled();
    expect(first.value).toBe(1);
    expect(first.made).toBeDefined();
    expect(await compiled()).toEqual(first);
  });

  it('is compiled again when a file it imports changed', async () => {
    const first = await compiled();
    writeFileSync(part, 'export const part: number = 2;');
    const second = await compiled();
    expect(second.value).toBe(2);
    expect(second.codeHash).not.toBe(first.codeHash);
  });

  it('is compiled again when settings appear beside it', async () => {
    const first = await compiled();
    const settings = join(directory, 'tsconfig.json');
    writeFileSync(settings, '{}');
    const second = await compiled();
    rmSync(settings);
    expect(second.made).not.toBe(first.made);
    expect(second.codeHash).toBe(first.codeHash);
  });

  it.each([
    ['record is torn', ({ file }: { file: string }) => writeFileSync(file, '{"compiled":"/')],
    ['record is of another make', ({ file }: { file: string }) => writeFileSync(file, '{}')],
    [
      'compiled file was changed',
      (it: { compiled: string }) => writeFileSync(it.compiled, 'export default 3;'),
    ],
    ['compiled file is gone', (it: { compiled: string }) => rmSync(it.compiled)],
  ])('is compiled again when its %s', async (_, damage) => {
    const first = await compiled();
    damage(first as { file: string; compiled: string });
    const second = await compiled();
    expect(second.value).toBe(1);
    expect(second.codeHash).toBe(first.codeHash);
    expect(second.made).not.toBe(first.made);
  });

  it('is compiled each time when an import leaves open which file it means', async () => {
    writeFileSync(source, `import { part } from './part'; export default part;`);
    expect((await compiled()).value).toBe(1);
    writeFileSync(join(directory, 'part.tsx'), 'export const part: number = 4;');
    expect((await compiled()).value).toBe(4);
    rmSync(join(directory, 'part.tsx'));
  });
});
