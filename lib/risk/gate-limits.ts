import type { RiskLimits } from './limits.ts';

/**
 * The limits that speak before a trade, as the gate reads them at each order. A class with every field assigned in order:
 * an object made of whatever limits there are has a shape of its own in each run, and the code compiled for the last
 * one is thrown away.
 */
export class GateLimits implements RiskLimits {
  readonly maxOrderNotional: number | undefined;
  readonly maxPositionNotional: number | undefined;
  readonly maxLeverage: number | undefined;
  readonly maxGrossExposure: number | undefined;
  readonly maxNetExposure: number | undefined;
  readonly collarBps: number | undefined;
  readonly collarTicks: number | undefined;
  readonly maxDataAge: number | undefined;
  readonly maxSpreadBps: number | undefined;
  readonly maxOpenOrders: number | undefined;
  readonly maxOrdersPerMinute: number | undefined;
  readonly duplicateWindow: number | undefined;
  readonly quietAfterOpen: number | undefined;
  readonly quietBeforeClose: number | undefined;
  readonly blackoutFrom: number | undefined;
  readonly blackoutTo: number | undefined;
  readonly cooldownAfterStop: number | undefined;
  /** None of them is there, which saves asking each. */
  readonly free: boolean;

  constructor(limits: RiskLimits) {
    this.maxOrderNotional = limits.maxOrderNotional;
    this.maxPositionNotional = limits.maxPositionNotional;
    this.maxLeverage = limits.maxLeverage;
    this.maxGrossExposure = limits.maxGrossExposure;
    this.maxNetExposure = limits.maxNetExposure;
    this.collarBps = limits.collarBps;
    this.collarTicks = limits.collarTicks;
    this.maxDataAge = limits.maxDataAge;
    this.maxSpreadBps = limits.maxSpreadBps;
    this.maxOpenOrders = limits.maxOpenOrders;
    this.maxOrdersPerMinute = limits.maxOrdersPerMinute;
    this.duplicateWindow = limits.duplicateWindow;
    this.quietAfterOpen = limits.quietAfterOpen;
    this.quietBeforeClose = limits.quietBeforeClose;
    this.blackoutFrom = limits.blackoutFrom;
    this.blackoutTo = limits.blackoutTo;
    this.cooldownAfterStop = limits.cooldownAfterStop;
    this.free = Object.values(this).every((limit) => limit === undefined);
  }
}
