import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type BarColumns, defineInstrument, openStore } from '@streamscalp/lib';
import { PROJECT_ROOT } from '../../support/shared-data.ts';
import type { Proof } from './proof.ts';
import type { Performance } from './serve.ts';
import type { Work } from './work.ts';

const MINUTE = 60_000;

/** What `--json` prints, as far as it matters here. */
interface Said {
  readonly trades: readonly { readonly openTs: number; readonly closeTs: number }[];
  readonly equity: { readonly value: readonly number[] };
}

/** A process says at its end what it held at most. */
const TELL_PEAK =
  "process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))";

/** `lab backtest` on bars that were stored before, as a user types it. */
export async function coldWork(bars: BarColumns, work: Work): Promise<Performance> {
  const store = await openStore();
  const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
  await store.importBars(instrument, '1m', bars);
  store.close();
  let peakMb = 0;

  function lab(...more: string[]): string {
    const [fast, slow] = work.configs[0]!;
    const series = '--symbol SYN --venue bench --timeframe 1m';
    const rules = `--costs ${work.fee} --cash ${work.cash} --fills touch --limit maxGrossExposure=2`;
    const params = `--param fast=${fast} --param slow=${slow} --param fraction=1`;
    const command = `lib/bin/lab.js backtest sma-cross ${series} ${rules} ${params}`.split(' ');
    const hook = ['--import', `data:text/javascript,${encodeURIComponent(TELL_PEAK)}`];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...hook, ...command, ...more], {
      cwd: PROJECT_ROOT,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    assert.equal(status, 0, stderr);
    peakMb = Math.max(peakMb, Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024);
    return stdout;
  }

  return {
    run: () => lab(),
    peakMb: () => peakMb,
    prove(): Proof {
      const { trades, equity } = JSON.parse(lab('--json')) as Said;
      const rows = trades.flatMap(({ openTs, closeTs }) => [
        0,
        Math.floor(openTs / MINUTE),
        Math.floor(closeTs / MINUTE),
      ]);
      return { rows: Int32Array.from(rows), values: Float64Array.from(equity.value.slice(-1)) };
    },
  };
}
