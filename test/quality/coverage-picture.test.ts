import { DISPLAY, isDisplayable } from '@streamscalp/lib/notebook/mime-bundle';
import type { CoverageSpan, CoverageState } from '@streamscalp/lib/quality/coverage';
import { coveragePicture } from '@streamscalp/lib/report/plots/coverage';
import { describe, expect, it } from 'vitest';

const DAY = 86_400_000;
const span = (state: CoverageState, from: number, to: number): CoverageSpan => ({
  ...{ state, fromTs: from * DAY, toTs: to * DAY },
  count: to - from,
});

describe('the picture of coverage', () => {
  it('shows itself in a notebook, as a drawing and as text', async () => {
    const spans = [span('present', 0, 6), span('outage', 6, 7), span('unknown', 7, 10)];
    const picture = coveragePicture([{ venue: 'here', symbol: 'A<B', kind: '1d', spans }]);
    if (!isDisplayable(picture)) throw new Error('a notebook would print it as an object');
    expect(await picture[DISPLAY]()).toEqual({
      'image/svg+xml': picture.svg,
      'text/plain': 'A<B 1d on here: 6 present, 0 no-trade, 1 outage, 3 unknown',
    });
    expect(picture.svg).toContain('A&lt;B 1d on here');
    // 900 wide, of which 822 are the plane: six, one and three tenths of it.
    const widths = [...picture.svg.matchAll(/width="(\d+)" height="12"/g)].map(([, w]) =>
      Number(w),
    );
    expect(widths).toEqual([493, 82, 247]);
  });

  it('draws the worst where a column holds several, so that no gap is too short to be seen', () => {
    const spans = [
      span('present', 0, 5000),
      span('unknown', 5000, 5001),
      span('present', 5001, 9000),
    ];
    const { svg } = coveragePicture([{ venue: 'here', symbol: 'X', kind: '1d', spans }]);
    expect(svg).toContain('width="1" height="12" fill="#e69f00"');
  });

  it('of nothing is an empty page', () => {
    expect(coveragePicture([]).svg).toContain('Coverage');
  });
});
