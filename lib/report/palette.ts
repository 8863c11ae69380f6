/**
 * The colours of every picture, after Okabe & Ito (2008): told apart by people with any common colour blindness, and
 * in grey. Gains are blue and losses vermilion; never green and red.
 */
export const INK = '#1b1f24';
export const FAINT = '#6b7280';
export const GRID = '#e5e7eb';
export const PAPER = '#ffffff';
export const GAIN = '#0072b2';
export const LOSS = '#d55e00';
export const REFERENCE = '#8a8f98';
/** For lines beside each other. */
export const LINES = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'] as const;
