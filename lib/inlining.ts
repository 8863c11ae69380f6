import { setFlagsFromString } from 'node:v8';

/*
 * The path of a bar is a chain of small functions, one per step, and runs at full speed when the compiler makes one of
 * them all. V8 stops at 920 bytecodes, half way through an order: a sweep of long trials takes 10.0 ns a bar there, 8.1
 * with 2,000 and 7.6 with this much room. More is no gift: 5,000 is no faster, but compiling takes so long that a run in a
 * fresh process takes 30 ms more.
 */
setFlagsFromString('--max-inlined-bytecode-size-cumulative=3500');
setFlagsFromString('--max-inlined-bytecode-size=1000');
