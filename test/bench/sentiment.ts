import { existsSync, readFileSync } from 'node:fs';
import { headlineScore, modelScorer, NEUTRAL_BAND } from '@streamscalp/lib';
import { sharedData } from '../support/shared-data.ts';
import type { Bench, Figure } from './bench.ts';

const FILE = 'news/sentfin_headlines.csv';
const LABELS = ['positive', 'negative', 'neutral'] as const;
type Label = (typeof LABELS)[number];

interface Labelled {
  readonly title: string;
  readonly about: readonly (readonly [entity: string, label: Label])[];
  /** The half that the lexicon was never held against while it was made. */
  readonly held: boolean;
}

/** A pair of a headline, or of one it is about, and what people say it means. */
type Case = readonly [found: Label, wanted: Label];

/** Scores titles, or what each says of the one it is asked about. */
type Scorer = (
  cases: readonly { readonly title: string; readonly about?: string }[],
) => Promise<readonly number[]>;

const lexicon: Scorer = async (cases) =>
  cases.map(({ title, about }) => headlineScore(title, about));

/** A model reads titles and hears of nobody. */
const byModel = async (path: string): Promise<Scorer> => {
  const score = await modelScorer({ path });
  return async (cases) => score(cases.map(({ title }) => title));
};

/** Accuracy and macro F1 of the default scorer against people, and of a model beside it. */
export const sentimentBench: Bench = {
  name: 'sentiment',
  what: 'the default scorer against the labels of SEntFiN, on the half it was made with and the other; --model scores as well',
  async run({ model }) {
    if (!existsSync(sharedData(FILE))) {
      console.error(`sentiment needs ../shared/data/${FILE}, which is not there`);
      return [];
    }
    const rows = labelled(readFileSync(sharedData(FILE), 'utf8'));
    const figures = await compared('', lexicon, rows);
    if (model === undefined) return figures;
    return [...figures, ...(await compared('model, ', await byModel(model), rows))];
  },
};

async function compared(who: string, scorer: Scorer, rows: readonly Labelled[]): Promise<Figure[]> {
  const started = performance.now();
  await scorer(rows.map(({ title }) => ({ title })));
  const rate = rows.length / ((performance.now() - started) / 1000);
  const figures: Figure[] = [];
  for (const [half, some] of [
    ['held', rows.filter(({ held }) => held)],
    ['seen', rows.filter(({ held }) => !held)],
  ] as const) {
    figures.push(...figuresOf(`${who}headlines, ${half}`, await judged(scorer, headlines(some))));
    figures.push(...figuresOf(`${who}entities, ${half}`, await judged(scorer, entities(some))));
  }
  return [...figures, { figure: `${who}speed`, value: rate, unit: 'titles/s' }];
}

interface Question {
  readonly title: string;
  readonly about?: string;
  readonly wanted: Label;
}

async function judged(scorer: Scorer, questions: readonly Question[]): Promise<Case[]> {
  const scores = await scorer(questions);
  return questions.map(({ wanted }, i) => [labelOf(scores[i]!), wanted]);
}

/** Headlines whose labels agree, read without being asked about anyone. */
function headlines(rows: readonly Labelled[]): Question[] {
  return rows.flatMap(({ title, about }) => {
    const labels = [...new Set(about.map(([, label]) => label))];
    return labels.length === 1 ? [{ title, wanted: labels[0]! }] : [];
  });
}

function entities(rows: readonly Labelled[]): Question[] {
  return rows.flatMap(({ title, about }) =>
    about.map(([entity, wanted]) => ({ title, about: entity, wanted })),
  );
}

function labelOf(score: number): Label {
  return score > NEUTRAL_BAND ? 'positive' : score < -NEUTRAL_BAND ? 'negative' : 'neutral';
}

function figuresOf(what: string, cases: readonly Case[]): Figure[] {
  const right = cases.filter(([found, wanted]) => found === wanted).length;
  const f1 = LABELS.map((label) => {
    const hit = cases.filter(([found, wanted]) => found === label && wanted === label).length;
    const named = cases.filter(([found]) => found === label).length;
    const there = cases.filter(([, wanted]) => wanted === label).length;
    return (2 * hit) / (named + there);
  });
  const mean = f1.reduce((sum, one) => sum + one, 0) / f1.length;
  return [
    { figure: `${what}: n`, value: cases.length, unit: '' },
    { figure: `${what}: accuracy`, value: (100 * right) / cases.length, unit: '%' },
    { figure: `${what}: macro F1`, value: 100 * mean, unit: '%' },
  ];
}

const LINE = /^(\d+),(?:"((?:[^"]|"")*)"|([^",]*)),"?(\{.*\})"?,\d+\s*$/;
const DECISION = /['"](?!, )(.+?)['"]: '(positive|negative|neutral)'/g;

/** Lines of number, title, a Python dictionary of entity and label, and a count of words. */
function labelled(text: string): Labelled[] {
  return text
    .split('\n')
    .map((line) => LINE.exec(line))
    .filter((match) => match !== null)
    .map(([, number, quoted, plain, decisions]) => ({
      title: (quoted ?? plain ?? '').replaceAll('""', '"'),
      about: [...decisions!.replaceAll('""', '"').matchAll(DECISION)].map(
        ([, entity, label]) => [entity!, label as Label] as const,
      ),
      held: hash(Number(number), 12_345) % 2 === 1,
    }));
}

/** The same half each time: a mix of the number's bits with a seed. */
function hash(number: number, seed: number): number {
  let mixed = (number * 2_654_435_761 + seed) >>> 0;
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d) >>> 0;
  mixed ^= mixed >>> 12;
  mixed = Math.imul(mixed, 0x297a2d39) >>> 0;
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
