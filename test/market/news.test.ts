import { newsColumns, newsCount, newsFeature, newsItem } from '@streamscalp/lib';
import { describe, expect, it } from 'vitest';

const item = (availableTs: number, sentiment: number) => ({
  ...{ availableTs, publishedTs: availableTs, sentiment, id: `${availableTs}`, source: 's' },
  ...{ symbols: ['A', 'B'], headline: 'h', summary: '', url: '' },
});

describe('news as columns', () => {
  it('are in order of time, and give back each item', () => {
    const items = [item(20, 1), item(10, -1)];
    const news = newsColumns(items);
    expect([...news.availableTs]).toEqual([10, 20]);
    expect(newsItem(news, 1)).toEqual(items[0]);
  });
});

describe('the mood of the news at each close', () => {
  const closes = Float64Array.of(5, 10, 20, 30, 40);
  const news = newsColumns([item(10, 1), item(20, -0.5), item(25, Number.NaN), item(30.5, 0.25)]);

  it('is the sum of scores known by then, halved each half-life', () => {
    // Worked by hand with a half-life of 10: at 10 it is 1; at 20 1/2 − 1/2; at 30 nothing new; at 40 0.25 · 2^−0.95.
    const found = newsFeature(news, closes, 10);
    const wanted = [0, 1, 0, 0, 0.25 * 2 ** -0.95];
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i]!, 12);
  });

  it('does not change when the news after a close are others', () => {
    const later = newsColumns([item(10, 1), item(20, -0.5), item(20.001, 1), item(30.5, -1)]);
    expect(newsFeature(later, closes, 10).subarray(0, 3)).toEqual(
      newsFeature(news, closes, 10).subarray(0, 3),
    );
  });

  it('counts what became known within a window that is open at its start', () => {
    expect([...newsCount(news, closes, 10)]).toEqual([0, 1, 1, 1, 1]);
    expect([...newsCount(news, closes, 10.5)]).toEqual([0, 1, 2, 2, 1]);
  });

  it('refuses a half-life that is none', () => {
    expect(() => newsFeature(news, closes, 0)).toThrow('a half-life of news is 0');
  });
});
