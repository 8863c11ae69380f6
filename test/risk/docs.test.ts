import { tmpdir } from 'node:os';
import { RISK_CODES } from '@streamscalp/lib/risk/codes';
import { TRADING_STATES } from '@streamscalp/lib/risk/trading-state';
import { describe, expect, it } from 'vitest';
import { lab } from '../cli/lab.ts';

describe('lab docs risk', () => {
  it('prints every code with its limits, unit, reason and advice, and every state', async () => {
    const { status, stdout, stderr } = await lab(tmpdir(), 'docs', 'risk');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const [code, { limits, unit, when, todo }] of Object.entries(RISK_CODES)) {
      const line = stdout.split('\n').find((text) => text.startsWith(`${code} `));
      for (const part of [...limits, unit, when, todo]) expect(line).toContain(part);
    }
    for (const state of TRADING_STATES) expect(stdout).toMatch(new RegExp(`^${state} `, 'm'));
  });

  it('is the table itself as JSON', async () => {
    const { stdout } = await lab(tmpdir(), 'docs', 'risk', '--json');
    const { codes, states } = JSON.parse(stdout) as {
      codes: { code: string }[];
      states: { state: string }[];
    };
    expect(Object.fromEntries(codes.map(({ code, ...entry }) => [code, entry]))).toEqual(
      RISK_CODES,
    );
    expect(states.map(({ state }) => state)).toEqual(TRADING_STATES);
  });
});
