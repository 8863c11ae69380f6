/**
 * What trading an account may do. A state is latched: the run falls from ACTIVE to HALTED by itself, and only a person
 * re-arms it. Orders that reduce, and cancels, pass in every state.
 */
export type TradingState = 'ACTIVE' | 'HALTED';
