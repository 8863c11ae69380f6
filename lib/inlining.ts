import { setFlagsFromString } from 'node:v8';

/*
 * The path of a bar is a chain of small functions, one per step, and runs at full speed when the compiler makes one of
 * them all. V8 stops at 920 bytecodes, half way through an order: a sweep of long trials takes 10.0 ns a bar there, and 8.7
 * with this much room. More is no gift: with 5,000 that is 8.4 ns, but the compiler takes so long that a sweep of short
 * trials goes from 19 ns a bar to 26, and one run in a fresh process takes 30 ms more.
 */
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000');
setFlagsFromString('--max-inlined-bytecode-size=1000');
