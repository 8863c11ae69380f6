import { existsSync, readFileSync } from 'node:fs';
import { headlineScore, NEUTRAL_BAND } from '@streamscalp/lib';
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

/** Accuracy and macro F1 of the default scorer against people. */
export const sentimentBench: Bench = {
  name: 'sentiment',
  what: 'the default scorer against the labels of SEntFiN, on the half it was made with and the other',
  async run() {
    if (!existsSync(sharedData(FILE))) return [];
    const rows = labelled(readFileSync(sharedData(FILE), 'utf8'));
    const started = performance.now();
    for (const { title } of rows) headlineScore(title);
    const rate = rows.length / ((performance.now() - started) / 1000);
    return [
      ...figures('headlines, held', headlines(rows.filter(({ held }) => held))),
      ...figures('headlines, seen', headlines(rows.filter(({ held }) => !held))),
      ...figures('entities, held', entities(rows.filter(({ held }) => held))),
      ...figures('entities, seen', entities(rows.filter(({ held }) => !held))),
      { figure: 'speed', value: rate, unit: 'titles/s' },
    ];
  },
};

/** Headlines whose labels agree, read without being asked about anyone. */
function headlines(rows: readonly Labelled[]): Case[] {
  return rows.flatMap(({ title, about }) => {
    const labels = [...new Set(about.map(([, label]) => label))];
    return labels.length === 1 ? [[labelOf(headlineScore(title)), labels[0]!] as const] : [];
  });
}

function entities(rows: readonly Labelled[]): Case[] {
  return rows.flatMap(({ title, about }) =>
    about.map(([entity, label]) => [labelOf(headlineScore(title, entity)), label] as const),
  );
}

function labelOf(score: number): Label {
  return score > NEUTRAL_BAND ? 'positive' : score < -NEUTRAL_BAND ? 'negative' : 'neutral';
}

function figures(what: string, cases: readonly Case[]): Figure[] {
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
