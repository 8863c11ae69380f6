import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type BatchScorer, lexiconScorer, modelScorer } from '@streamscalp/lib';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lab, startLab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { transformersHere } from '../support/transformers-here.ts';
import { writeWordModel } from '../support/word-model.ts';
import { listening } from '../venues/alpaca-keys.ts';
import { AlpacaNewsStream } from '../venues/alpaca-news-stream.ts';
import { pullAlpaca } from '../venues/alpaca-pull.ts';
import { AlpacaServer } from '../venues/alpaca-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'lab-model-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/* Sums of ln 3 on a label make its weight 3, so that a word of it is 3/5 against 1/5 and 1/5. */
const three = Math.log(3);
const WORDS = {
  apple: [0, 0, 0],
  gains: [three, 0, 0],
  slumps: [0, three, 0],
  meets: [0, 0, three],
} as const;

function model(labels?: readonly string[]): string {
  const path = scratchDirectory();
  writeWordModel(path, WORDS, labels);
  return path;
}

const packages = transformersHere(folder);
const NEEDS = 'needs @huggingface/transformers, or npm to bring it';

describe.skipIf(packages === undefined)(`a model that scores headlines (${NEEDS})`, () => {
  const open = (path: string) => modelScorer({ path, packages: packages! });

  it.each([
    ['Apple gains', 3 / 5 - 1 / 5],
    ['APPLE GAINS!', 3 / 5 - 1 / 5],
    ['Apple slumps', 1 / 5 - 3 / 5],
    ['Apple gains, gains', 9 / 11 - 1 / 11],
    ['Apple gains and slumps', 0],
    ['Apple meets', 0],
    ['Apple meets, gains', 3 / 7 - 1 / 7],
    ['', 0],
    // It reads sixteen tokens.
    [`gains ${'apple '.repeat(20)} slumps`, 3 / 5 - 1 / 5],
  ])('gives for %j the good share less the bad', async (headline, score) => {
    const [found] = await (await open(model()))([headline]);
    expect(found).toBeCloseTo(score, 4);
  });

  it('gives a headline the same score alone and among others, in their order', async () => {
    const score = await open(model());
    const some = Array.from({ length: 100 }, (_, i) =>
      ['Apple', 'gains '.repeat(i % 5), 'slumps '.repeat(i % 3)].join(' '),
    );
    const alone: number[] = [];
    for (const one of some) alone.push(...(await score([one])));
    expect(await score(some)).toEqual(alone);
    expect(new Set(alone).size).toBeGreaterThan(8);
    expect(await score([])).toEqual([]);
  });

  it('goes by what labels are called, not by their order, and needs no neutral one', async () => {
    const score = await open(model(['Neutral', 'Bullish', 'Bearish']));
    // `gains` adds to the first label, `slumps` to the second, `meets` to the third.
    const [gains, slumps, meets] = await score(['gains', 'slumps', 'meets']);
    expect([gains, slumps, meets]).toEqual([0, 0.4, -0.4]);
    const [two] = await (await open(model(['NEGATIVE', 'POSITIVE'])))(['gains']);
    expect(two).toBe(-0.5);
  });

  it('finds weights that are quantized, or lie beside the config', async () => {
    const path = model();
    renameSync(join(path, 'onnx', 'model.onnx'), join(path, 'model_quantized.onnx'));
    expect(await (await open(path))(['gains'])).toEqual([0.4]);
  });

  it('says so when the weights are no model', async () => {
    const path = model();
    writeFileSync(join(path, 'onnx', 'model.onnx'), 'none');
    await expect(open(path)).rejects.toThrow(`the model in ${path} cannot be run: `);
  });

  describe('for what is stored', () => {
    const HEADLINES = ['Apple gains', 'Apple slumps', 'Apple meets'];
    const SCORES = [0.4, -0.4, 0];
    const FROM = Date.UTC(2024, 2, 1);
    let root: string;
    let store: Store;
    let server: AlpacaServer;

    beforeAll(() => {
      writeFileSync(join(folder, 'package.json'), '{}');
    });
    beforeEach(async () => {
      root = scratchDirectory();
      store = await openStore(root);
      server = await listening(new AlpacaServer({}, FROM + 86_400_000));
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      store.close();
      await server.close();
    });

    const sentiment = async (venue: string) => [
      ...(await store.read('news', { venue, symbol: 'AAPL' })).sentiment,
    ];
    /** The command, where the library lies. */
    const there = (...words: readonly string[]) =>
      startLab(root, words, 'lib/bin/lab.js', packages).ran;
    const article = (id: number, headline: string, ts = FROM + id * 60_000) => ({
      ...{ id, headline, symbols: ['AAPL'], author: '', content: '', images: [], source: 'w' },
      ...{ summary: '', url: '', created_at: new Date(ts).toISOString() },
      updated_at: new Date(ts).toISOString(),
    });

    it('is asked by `lab data import`, and by `lab data score` for what is there', async () => {
      const path = join(root, 'news.jsonl');
      const lines = HEADLINES.map((headline, i) =>
        JSON.stringify({ headline, symbols: ['AAPL'], date: `202${i}-03-01T10:00:00Z`, id: i }),
      );
      writeFileSync(path, lines.join('\n'));
      const scorer = ['--scorer', `model:${model()}`];
      const imported = await there('data', 'import', path, '--venue', 'wire', ...scorer);
      expect(imported.stderr).toBe('');
      expect(await sentiment('wire')).toEqual(SCORES);
      const again = await there('data', 'score', 'wire', 'AAPL', ...scorer);
      expect(again.stdout).toBe('3 headlines of wire scored, 0 otherwise than before\n');
      const plain = await lab(root, 'data', 'score', 'wire', '--json');
      expect(JSON.parse(plain.stdout)).toEqual({ venue: 'wire', rows: 3, changed: 2 });
      expect(await sentiment('wire')).toEqual(await lexiconScorer(HEADLINES));
    });

    it('is asked by a pull, page by page', async () => {
      server.data = { news: HEADLINES.map((headline, i) => article(i, headline)) };
      const score = await open(model());
      await pullAlpaca(store, server, { kind: 'news', from: FROM, score });
      expect(await sentiment('alpaca')).toEqual(SCORES);
    });

    it('is asked by `lab data record --news` for each article as it comes', async () => {
      server.now = Date.now();
      const stream = await new AlpacaNewsStream(server.http).listen();
      const subscribed = stream.subscription();
      const words = ['data', 'record', 'alpaca', 'AAPL', '--news', '--base-url', server.url];
      const scorer = ['--scorer', `model:${model()}`];
      const { process, ran } = startLab(root, [...words, ...scorer], 'lib/bin/lab.js', packages);
      await subscribed;
      const now = Date.now();
      HEADLINES.forEach((headline, i) => {
        stream.publish(article(i, headline, now + i));
      });
      const stored = async () =>
        (await store.has('news', { venue: 'alpaca', symbol: 'AAPL' })) ? sentiment('alpaca') : [];
      while ((await stored()).length < HEADLINES.length) await wait(20);
      process.kill('SIGINT');
      expect(await ran).toMatchObject({
        status: 0,
        stdout: 'AAPL on alpaca: 3 articles recorded\n',
      });
      await stream.close();
      expect(await sentiment('alpaca')).toEqual(SCORES);
    }, 30_000);
  });
});

describe('without what it needs, a model', () => {
  const refused = (scorer: string) =>
    lab(scratchDirectory(), 'data', 'score', 'x', '--scorer', scorer);

  it.each([
    ['finbert', '"finbert" is no scorer of headlines; write lexicon or model:PATH', 2],
    ['model:', '"model:" is no scorer of headlines', 2],
    ['model:/nowhere', '/nowhere holds no model: it has no config.json; a directory of a text', 3],
  ])('%s is refused with advice', async (name, message, status) => {
    const found = await refused(name);
    expect(found.stderr).toContain(message);
    expect(found.status).toBe(status);
  });

  it.each([
    [['LABEL_0', 'LABEL_1'], 'are LABEL_0, LABEL_1; expected positive and negative'],
    [['positive', 'neutral'], 'are positive, neutral; expected positive and negative'],
    [['1 star', '2 stars', '3 stars'], 'are 1 star, 2 stars, 3 stars; expected positive'],
  ])('with the labels %j is refused', async (labels, message) => {
    await expect(modelScorer({ path: model(labels) })).rejects.toThrow(message);
  });

  it('names the file that is missing or no config', async () => {
    const path = model();
    rmSync(join(path, 'onnx'), { recursive: true });
    await expect(modelScorer({ path })).rejects.toThrow(
      `${path} holds no weights, none of model.onnx`,
    );
    writeFileSync(join(path, 'config.json'), '{"model_type":"bert"}');
    await expect(modelScorer({ path })).rejects.toThrow('config.json is not that of a classifier');
  });

  // Where the project has it, nothing is to be brought.
  it.skipIf(packages === PROJECT_ROOT)('says how the library is brought', async () => {
    const opened: Promise<BatchScorer> = modelScorer({
      path: model(),
      packages: scratchDirectory(),
    });
    await expect(opened).rejects.toThrow(
      'which is not installed, for it takes 470 MB; `npm install --no-save @huggingface/transformers@',
    );
  });

  it.each([
    [['data', 'pull', 'binance', 'BTC/USDT', '1m', '--from', '2024-01-01'], 'bars are not scored'],
    [['data', 'record', 'binance', 'BTC/USDT', '--trades'], 'only news are scored'],
  ])('has no business in `lab %j`', async (words, message) => {
    const { stderr, status } = await lab(scratchDirectory(), ...words, '--scorer', 'lexicon');
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
