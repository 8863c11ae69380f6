import type { Millis } from '../core/time.ts';

/** A stretch of time, `from` ≤ t < `to`. Where nothing else is said, lists of spans are ascending and do not touch. */
export interface Span {
  readonly from: Millis;
  readonly to: Millis;
}

/** The union of spans in any order. */
export function unionSpans(spans: readonly Span[]): Span[] {
  const union: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (span.to <= span.from) continue;
    if (last && span.from <= last.to) {
      union[union.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else union.push(span);
  }
  return union;
}

/** What of `wanted` no span covers. @param covered ascending in `from`, and may overlap */
export function missingSpans(wanted: Span, covered: readonly Span[]): Span[] {
  const missing: Span[] = [];
  let { from } = wanted;
  for (const span of covered) {
    if (span.to <= from) continue;
    if (span.from >= wanted.to) break;
    if (span.from > from) missing.push({ from, to: span.from });
    from = span.to;
  }
  if (from < wanted.to) missing.push({ from, to: wanted.to });
  return missing;
}

export function spansLength(spans: readonly Span[]): Millis {
  return spans.reduce((sum, span) => sum + (span.to - span.from), 0);
}
