// Every indicator that can be declared, by family. Each is documented where it is defined; README.md has the table.

// Averages.

export { alma } from './alma.ts';
export { ema } from './ema.ts';
export { hma } from './hma.ts';
export { efficiencyRatio, kama } from './kama.ts';
export { linreg, linregIntercept, linregR2, linregSlope, tsf } from './linreg.ts';
export { midpoint, midprice } from './midpoint.ts';
export { dema, t3, tema } from './multiple-ema.ts';
export { rma } from './rma.ts';
export { sma } from './sma.ts';
export { trima } from './trima.ts';
export { vwma } from './vwma.ts';
export { wma } from './wma.ts';
export { zlema } from './zlema.ts';

// Momentum and trend.

export { adx, adxr } from './adx.ts';
export { aroon } from './aroon.ts';
export { awesome } from './awesome.ts';
export { bop, qstick } from './body.ts';
export { cci } from './cci.ts';
export { choppiness } from './choppiness.ts';
export { cmo } from './cmo.ts';
export { coppock } from './coppock.ts';
export { dpo } from './dpo.ts';
export { fisher } from './fisher.ts';
export { kst } from './kst.ts';
export { macd } from './macd.ts';
export { massIndex } from './mass-index.ts';
export { apo, ppo } from './price-oscillator.ts';
export { mom, roc } from './roc.ts';
export { rsi } from './rsi.ts';
export { stoch, stochRsi, williamsR } from './stoch.ts';
export { trix } from './trix.ts';
export { tsi } from './tsi.ts';
export { ultimateOscillator } from './ultimate-oscillator.ts';
export { vortex } from './vortex.ts';

// Volatility and bands.

export { atr } from './atr.ts';
export { bollinger } from './bollinger.ts';
export { chandelierExit, donchian, keltner } from './channel.ts';
export { stddev, variance, zscore } from './dispersion.ts';
export { natr } from './natr.ts';
export { parabolicSar } from './parabolic-sar.ts';
export {
  closeToCloseVolatility,
  garmanKlassVolatility,
  parkinsonVolatility,
  rogersSatchellVolatility,
  yangZhangVolatility,
} from './realized-volatility.ts';
export { supertrend, supertrendDirection } from './supertrend.ts';
export { trueRange } from './true-range.ts';
export { ulcer } from './ulcer.ts';

// Volume.

export { ad, adosc, cmf } from './accumulation.ts';
export { efi, eom } from './force.ts';
export { mfi } from './mfi.ts';
export { nvi, obv, pvi, pvt } from './volume-trend.ts';

// Candle patterns: 100 bullish, −100 bearish, 0 not there.

export {
  beltHold,
  doji,
  dragonflyDoji,
  gravestoneDoji,
  hammer,
  hangingMan,
  invertedHammer,
  longLeggedDoji,
  marubozu,
  shootingStar,
  spinningTop,
} from './candles/one-candle.ts';
export {
  eveningDojiStar,
  eveningStar,
  morningDojiStar,
  morningStar,
  threeBlackCrows,
  threeInside,
  threeOutside,
  threeWhiteSoldiers,
} from './candles/three-candles.ts';
export {
  darkCloudCover,
  engulfing,
  harami,
  haramiCross,
  kicking,
  piercing,
} from './candles/two-candles.ts';

// Statistics, levels and bars made of bars.

export { heikinAshi } from './heikin-ashi.ts';
export { ichimoku } from './ichimoku.ts';
export { pivots, swings } from './pivots.ts';
export {
  percentRank,
  rollingKurtosis,
  rollingMax,
  rollingMedian,
  rollingMin,
  rollingSkew,
} from './rolling.ts';
export { volumeProfile } from './volume-profile.ts';
export { rollingVwap, sessionVwap } from './vwap.ts';
