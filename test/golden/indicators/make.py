"""Makes bars.csv and golden.json: the same bars through other programs.

    python3 -m venv /tmp/golden
    /tmp/golden/bin/pip install TA-Lib==0.8.2 newtulipy==0.4.6 pandas-ta-classic==0.8.32 pandas==3.1.1 numpy==2.4.6
    /tmp/golden/bin/python test/golden/indicators/make.py

A case holds sampled rows of one line. `start` says whether the other program begins as we do ("same"), or begins a
recursion in another way, so that only rows after the warm-up can agree ("own").
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pandas_ta_classic as pta
import talib
import tulipy

HERE = Path(__file__).parent
ROWS = 1500
EVERY = 60


def make_bars():
    """Bars with gaps, dojis, long and short bodies and shadows, in ticks of 0.01, so that candle patterns occur."""
    random = np.random.default_rng(7)
    close = 100.0
    body = 0.0
    rows = []
    for row in range(ROWS):
        before = body
        gap = random.normal(0, 0.6) if random.random() < 0.5 else random.normal(0, 0.08)
        body = random.choice([0.0, 0.03, 0.3, 1.0, 2.0], p=[0.08, 0.12, 0.3, 0.35, 0.15])
        body *= random.choice([-1, 1]) * random.uniform(0.7, 1.3)
        shadows = random.choice([0.0, 0.05, 0.4, 1.5], size=2, p=[0.25, 0.25, 0.35, 0.15])
        shadows *= random.uniform(0.5, 1.5, size=2)
        if abs(before) > 1.5 and random.random() < 0.3:
            # A bare body the other way, a gap beyond the one before it.
            body, gap, shadows = -before, -1.4 * before, np.zeros(2)
        open_ = round(max(20.0, close + gap + 0.002 * (100 - close)), 2)
        close = round(max(20.0, open_ + body), 2)
        high = round(max(open_, close) + shadows[0], 2)
        low = round(min(open_, close) - shadows[1], 2)
        rows.append((open_, high, low, close, int(random.integers(100, 10_000))))
    return pd.DataFrame(rows, columns=["open", "high", "low", "close", "volume"], dtype=float)


bars = make_bars()
bars.to_csv(HERE / "bars.csv", index=False, float_format="%g", lineterminator="\n")
o, h, l, c, v = (bars[name].to_numpy() for name in bars)
O, H, L, C, V = (bars[name] for name in bars)
TP = (H + L + C) / 3
MP = (H + L) / 2
cases = []


def case(name, args, line, series, program, start="same"):
    series = np.asarray(series, dtype=float)
    # Tulip gives no rows where it has no values.
    series = np.concatenate([np.full(ROWS - len(series), np.nan), series])
    known = np.flatnonzero(~np.isnan(series))
    rows = sorted({*known[:3], *known[known % EVERY == 0], known[-1]})
    cases.append(
        {
            "name": name,
            "args": args,
            "line": line,
            "program": program,
            "start": start,
            "rows": [int(row) for row in rows],
            "values": [float(f"{series[row]:.12g}") for row in rows],
        }
    )


def mean(series, n):
    return series.rolling(n).mean()


TA = "TA-Lib"
TU = "Tulip"
PT = "pandas-ta-classic"
PD = "pandas, the formula as published"

# Averages.
case("sma", [7], "value", talib.SMA(c, 7), TA)
case("ema", [9], "value", talib.EMA(c, 9), TA)
case("rma", [9], "value", tulipy.wilders(c, 9), TU)
case("wma", [9], "value", talib.WMA(c, 9), TA)
case("dema", [9], "value", talib.DEMA(c, 9), TA)
case("tema", [9], "value", talib.TEMA(c, 9), TA)
case("t3", [5, 0.7], "value", talib.T3(c, 5, 0.7), TA)
case("hma", [16], "value", tulipy.hma(c, 16), TU)
case("kama", [10, 2, 30], "value", talib.KAMA(c, 10), TA)
case("efficiencyRatio", [10], "value", C.diff(10).abs() / C.diff().abs().rolling(10).sum(), PD)
case("trima", [9], "value", talib.TRIMA(c, 9), TA)
case("trima", [10], "value", talib.TRIMA(c, 10), TA)
case("vwma", [20], "value", tulipy.vwma(c, v, 20), TU)
case("zlema", [9], "value", tulipy.zlema(c, 9), TU, "own")
# pandas-ta-classic 0.8.32 lays the weights of ALMA the wrong way round: its bell lies over the oldest values.
bell = np.exp(-((np.arange(9) - 0.85 * 8) ** 2) / (2 * (9 / 6) ** 2))
case("alma", [9, 0.85, 6], "value", C.rolling(9).apply(lambda x: x @ bell / bell.sum(), raw=True), PD)
case("linreg", [14], "value", talib.LINEARREG(c, 14), TA)
case("tsf", [14], "value", talib.TSF(c, 14), TA)
case("linregSlope", [14], "value", talib.LINEARREG_SLOPE(c, 14), TA)
case("linregIntercept", [14], "value", talib.LINEARREG_INTERCEPT(c, 14), TA)
case("linregR2", [14], "value", talib.CORREL(c, np.arange(ROWS, dtype=float), 14) ** 2, TA)
case("midpoint", [14], "value", talib.MIDPOINT(c, 14), TA)
case("midprice", [14], "value", talib.MIDPRICE(h, l, 14), TA)

# Momentum and trend.
case("rsi", [14], "value", talib.RSI(c, 14), TA)
for line, series in zip(["macd", "signal", "histogram"], talib.MACD(c, 12, 26, 9)):
    case("macd", [12, 26, 9], line, series, TA, "own")
case("apo", [12, 26], "value", talib.APO(c, 12, 26, 1), TA)
case("ppo", [12, 26, 9], "ppo", talib.PPO(c, 12, 26, 1), TA)
case("ppo", [12, 26, 9], "signal", talib.EMA(talib.PPO(c, 12, 26, 1), 9), TA)
case("roc", [10], "value", talib.ROC(c, 10), TA)
case("mom", [10], "value", talib.MOM(c, 10), TA)
for line, series in zip(["k", "d"], talib.STOCH(h, l, c, 14, 3, 0, 3, 0)):
    case("stoch", [14, 3, 3], line, series, TA)
for line, series in zip(["k", "d"], talib.STOCHF(h, l, c, 5, 1, 0)):
    case("stoch", [5, 1, 1], line, series, TA)
for line, series in pta.stochrsi(C, length=14, rsi_length=14, k=3, d=3).items():
    case("stochRsi", [14, 14, 3, 3], "k" if "k_" in line else "d", series, PT, "own")
case("williamsR", [14], "value", talib.WILLR(h, l, c, 14), TA)
case("cci", [20], "value", talib.CCI(h, l, c, 20), TA)
case("cmo", [14], "value", tulipy.cmo(c, 14), TU)
case("trix", [9], "value", talib.TRIX(c, 9), TA)
momentum = C.diff()
blau = lambda x: pd.Series(talib.EMA(talib.EMA(x.to_numpy(), 25), 13))
tsi = 100 * blau(momentum) / blau(momentum.abs())
case("tsi", [25, 13, 13], "tsi", tsi, "TA-Lib's EMA")
case("tsi", [25, 13, 13], "signal", talib.EMA(tsi.to_numpy(), 13), "TA-Lib's EMA")
case("ultimateOscillator", [7, 14, 28], "value", talib.ULTOSC(h, l, c, 7, 14, 28), TA)
case("awesome", [5, 34], "value", tulipy.ao(h, l), TU)
down, up = talib.AROON(h, l, 25)
case("aroon", [25], "up", up, TA)
case("aroon", [25], "down", down, TA)
case("aroon", [25], "oscillator", talib.AROONOSC(h, l, 25), TA)
case("adx", [14], "adx", talib.ADX(h, l, c, 14), TA, "own")
case("adx", [14], "plus", talib.PLUS_DI(h, l, c, 14), TA, "own")
case("adx", [14], "minus", talib.MINUS_DI(h, l, c, 14), TA, "own")
case("adx", [14], "dx", talib.DX(h, l, c, 14), TA, "own")
case("adxr", [14], "value", talib.ADXR(h, l, c, 14), TA, "own")
case("dpo", [20], "value", tulipy.dpo(c, 20), TU)
for line, series in zip(["plus", "minus"], pta.vortex(H, L, C, length=14).T.to_numpy()):
    case("vortex", [14], line, series, PT)
kst = sum((i + 1) * mean(pd.Series(talib.ROC(c, r)), m) for i, (r, m) in enumerate([(10, 10), (15, 10), (20, 10), (30, 15)]))
case("kst", [9], "kst", kst, "TA-Lib's ROC")
case("kst", [9], "signal", mean(kst, 9), "TA-Lib's ROC")
for line, series in zip(["fisher", "signal"], tulipy.fisher(h, l, 9)):
    case("fisher", [9], line, series, TU, "own")
case("coppock", [10, 14, 11], "value", talib.WMA(talib.ROC(c, 14) + talib.ROC(c, 11), 10), "TA-Lib's ROC and WMA")
case("massIndex", [25, 9], "value", tulipy.mass(h, l, 25), TU, "own")
case("bop", [], "value", talib.BOP(o, h, l, c), TA)
case("qstick", [14], "value", tulipy.qstick(o, c, 14), TU)
reach = H.rolling(14).max() - L.rolling(14).min()
way = pd.Series(talib.TRANGE(h, l, c)).rolling(14).sum()
case("choppiness", [14], "value", 100 * np.log10(way / reach) / np.log10(14), PD)

# Volatility and bands.
case("atr", [14], "value", talib.ATR(h, l, c, 14), TA)
for line, series in zip(["upper", "middle", "lower"], talib.BBANDS(c, 20, 2, 2)):
    case("bollinger", [20, 2], line, series, TA)
case("stddev", [20], "value", talib.STDDEV(c, 20), TA)
case("variance", [20], "value", talib.VAR(c, 20), TA)
case("zscore", [20], "value", (C - mean(C, 20)) / C.rolling(20).std(ddof=0), PD)
case("trueRange", [], "value", talib.TRANGE(h, l, c), TA)
case("natr", [14], "value", talib.NATR(h, l, c, 14), TA)
middle, room = talib.EMA(c, 20), 2 * talib.ATR(h, l, c, 10)
case("keltner", [20, 10, 2], "middle", middle, "TA-Lib's EMA and ATR")
case("keltner", [20, 10, 2], "upper", middle + room, "TA-Lib's EMA and ATR")
case("keltner", [20, 10, 2], "lower", middle - room, "TA-Lib's EMA and ATR")
for line, series in zip(["lower", "middle", "upper"], pta.donchian(H, L, lower_length=20, upper_length=20).T.to_numpy()):
    case("donchian", [20], line, series, PT)
room = 3 * talib.ATR(h, l, c, 22)
case("chandelierExit", [22, 3], "long", talib.MAX(h, 22) - room, "TA-Lib's MAX and ATR")
case("chandelierExit", [22, 3], "short", talib.MIN(l, 22) + room, "TA-Lib's MIN and ATR")
trend = pta.supertrend(H, L, C, length=10, multiplier=3, talib=True)
case("supertrend", [10, 3], "value", trend.iloc[:, 0], PT, "own")
case("supertrendDirection", [10, 3], "value", trend.iloc[:, 1], PT, "own")
case("parabolicSar", [0.02, 0.2], "value", talib.SAR(h, l, 0.02, 0.2), TA)
falls = 100 * (C / C.rolling(14).max() - 1)
case("ulcer", [14], "value", np.sqrt(mean(falls**2, 14)), PD)
logs = np.log(C).diff()
case("closeToCloseVolatility", [20], "value", logs.rolling(20).std(), PD)
case("parkinsonVolatility", [20], "value", np.sqrt(mean(np.log(H / L) ** 2, 20) / (4 * np.log(2))), PD)
gk = 0.5 * np.log(H / L) ** 2 - (2 * np.log(2) - 1) * np.log(C / O) ** 2
case("garmanKlassVolatility", [20], "value", np.sqrt(mean(gk, 20)), PD)
rs = np.log(H / C) * np.log(H / O) + np.log(L / C) * np.log(L / O)
case("rogersSatchellVolatility", [20], "value", np.sqrt(mean(rs, 20)), PD)
k = 0.34 / (1.34 + 21 / 19)
gaps, inside = np.log(O / C.shift()), np.log(C / O).where(C.shift().notna())
yz = gaps.rolling(20).var() + k * inside.rolling(20).var() + (1 - k) * mean(rs.where(gaps.notna()), 20)
case("yangZhangVolatility", [20], "value", np.sqrt(yz), PD)

# Volume.
case("ad", [], "value", talib.AD(h, l, c, v), TA)
case("adosc", [3, 10], "value", talib.ADOSC(h, l, c, v, 3, 10), TA, "own")
case("cmf", [20], "value", pta.cmf(H, L, C, V, length=20), PT)
case("mfi", [14], "value", talib.MFI(h, l, c, v, 14), TA)
case("efi", [13], "value", talib.EMA((C.diff() * V).to_numpy(), 13), "TA-Lib's EMA")
case("eom", [14, 1e8], "value", mean(MP.diff() * (H - L) * 1e8 / V, 14), PD)
case("obv", [], "value", tulipy.obv(c, v), TU)
case("pvt", [], "value", (V * C.pct_change()).fillna(0).cumsum(), PD)
case("pvi", [], "value", tulipy.pvi(c, v), TU)
case("nvi", [], "value", tulipy.nvi(c, v), TU)

days = pd.Series(pd.to_datetime(np.arange(ROWS) * 30 * 60 * 1000, unit="ms"))
dated = [series.set_axis(days) for series in (H, L, C, V)]
case("rollingVwap", [20], "value", (TP * V).rolling(20).sum() / V.rolling(20).sum(), PD)
vwap = pta.vwap(*dated, anchor="D").to_numpy()
day = days.dt.floor("D")
spread = (V * TP**2).groupby(day).cumsum() / V.groupby(day).cumsum() - vwap**2
band = 2 * np.sqrt(spread.clip(lower=0))
DAY = 86_400_000
case("sessionVwap", [DAY, 0, 2], "value", vwap, PT)
case("sessionVwap", [DAY, 0, 2], "upper", (vwap + band).where(spread > 1e-6), PD)
case("sessionVwap", [DAY, 0, 2], "lower", (vwap - band).where(spread > 1e-6), PD)


def profile(row, length=50, bins=24, share=0.7):
    """By numpy's interpolation of each bar's cumulative volume at the edges of the bins."""
    window = slice(row - length + 1, row + 1)
    edges = np.linspace(l[window].min(), h[window].max(), bins + 1)
    held = np.zeros(bins)
    for high, low, volume in zip(h[window], l[window], v[window]):
        if high > low:
            held += np.diff(np.interp(edges, [low, high], [0, volume]))
        else:
            held[min(bins - 1, np.searchsorted(edges, low, side="right") - 1)] += volume
    peak = below = above = int(held.argmax())
    while held[below : above + 1].sum() < share * held.sum():
        under = held[below - 1] if below > 0 else -1
        over = held[above + 1] if above < bins - 1 else -1
        below, above = (below, above + 1) if over >= under else (below - 1, above)
    return (edges[peak] + edges[peak + 1]) / 2, edges[above + 1], edges[below]


profiles = np.array([[np.nan] * 3] * 49 + [profile(row) for row in range(49, ROWS)])
for at, line in enumerate(["poc", "high", "low"]):
    case("volumeProfile", [50, 24, 0.7], line, profiles[:, at], "numpy, the definition")

# Statistics, levels and bars made of bars.
case("rollingMax", [14], "value", talib.MAX(c, 14), TA)
case("rollingMin", [14], "value", talib.MIN(c, 14), TA)
case("rollingMedian", [9], "value", C.rolling(9).median(), PD)
case("rollingMedian", [10], "value", C.rolling(10).median(), PD)
case("percentRank", [50], "value", 100 * C.rolling(50).rank(pct=True), PD)
case("rollingSkew", [30], "value", C.rolling(30).apply(lambda x: ((x - x.mean()) ** 3).mean() / x.std(ddof=0) ** 3), PD)
case("rollingKurtosis", [30], "value", C.rolling(30).apply(lambda x: ((x - x.mean()) ** 4).mean() / x.std(ddof=0) ** 4), PD)
ichimoku, _ = pta.ichimoku(H, L, C, tenkan=9, kijun=26, senkou=52)
for line, column in {"conversion": "ITS_9", "base": "IKS_26", "spanA": "ISA_9", "spanB": "ISB_26"}.items():
    case("ichimoku", [9, 26, 52], line, ichimoku[column], PT)
sessions = pd.DataFrame({"h": H.groupby(day).max(), "l": L.groupby(day).min(), "c": C.groupby(day).last()}).shift()
ph, pl, pc = (day.map(sessions[name]) for name in "hlc")
pp = (ph + pl + pc) / 3
levels = {"pivot": pp, "r1": 2 * pp - pl, "s1": 2 * pp - ph, "r2": pp + ph - pl, "s2": pp - ph + pl}
levels |= {"r3": ph + 2 * (pp - pl), "s3": pl - 2 * (ph - pp)}
for line, series in levels.items():
    case("pivots", [DAY, 0], line, series, PD)
stands = lambda x, sign: all(sign * x.iloc[2] > sign * x.iloc[at] for at in (0, 1, 3, 4))
for line, series, sign in [("high", H, 1), ("low", L, -1)]:
    found = series.rolling(5).apply(lambda x: stands(x, sign)) == 1
    case("swings", [2], line, series.shift(2).where(found).ffill(), PD)
for line, series in zip(["open", "high", "low", "close"], pta.ha(O, H, L, C).T.to_numpy()):
    case("heikinAshi", [], line, series, PT)

# Candle patterns: every row that is not 0.
for name, function in {
    "doji": "DOJI", "dragonflyDoji": "DRAGONFLYDOJI", "gravestoneDoji": "GRAVESTONEDOJI", "longLeggedDoji": "LONGLEGGEDDOJI",
    "marubozu": "MARUBOZU", "spinningTop": "SPINNINGTOP", "beltHold": "BELTHOLD", "hammer": "HAMMER",
    "hangingMan": "HANGINGMAN", "invertedHammer": "INVERTEDHAMMER", "shootingStar": "SHOOTINGSTAR",
    "engulfing": "ENGULFING", "harami": "HARAMI", "haramiCross": "HARAMICROSS", "piercing": "PIERCING",
    "darkCloudCover": "DARKCLOUDCOVER", "kicking": "KICKING", "morningStar": "MORNINGSTAR", "eveningStar": "EVENINGSTAR",
    "morningDojiStar": "MORNINGDOJISTAR", "eveningDojiStar": "EVENINGDOJISTAR",
    "threeWhiteSoldiers": "3WHITESOLDIERS", "threeBlackCrows": "3BLACKCROWS", "threeInside": "3INSIDE",
    "threeOutside": "3OUTSIDE",
}.items():
    options = {"penetration": 0.5} if function == "DARKCLOUDCOVER" else {}
    found = getattr(talib, "CDL" + function)(o, h, l, c, **options)
    rows = np.flatnonzero(found)
    cases.append(
        {
            "name": name, "args": [], "line": "value", "program": "TA-Lib", "start": "pattern",
            "rows": rows.tolist(), "values": found[rows].tolist(),
        }
    )

lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
(HERE / "golden.json").write_text(f"[\n{lines}\n]\n")

# Two series: high and low; TA-Lib's BETA takes prices and regresses the returns of the second on those of the first.
pairs = [
    {"row": row, "correlation": float(f"{correlation:.12g}"), "beta": float(f"{beta:.12g}")}
    for row, (correlation, beta) in enumerate(zip(talib.CORREL(h, l, 30), talib.BETA(h, l, 30)))
    if row % EVERY == 0 and not np.isnan(beta)
]
(HERE / "pairs.json").write_text("[\n" + ",\n".join(json.dumps(pair) for pair in pairs) + "\n]\n")
