import { stripColours } from '@streamscalp/lib/notebook/headless-runner';
import type { KernelClient } from '@streamscalp/lib/notebook/kernel-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RanCell, runCell, startKernel } from './cells.ts';

// Each claim is a defect of tslab as it comes, and is proved mended on the real kernel.
describe('the kernel', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await startKernel();
  });
  afterAll(() => kernel.close());

  const run = (code: string): Promise<RanCell> => runCell(kernel, code);

  describe('shorthand properties', () => {
    it('carry a name of an earlier cell', async () => {
      await run('const FAST = 10; let slow = 50;');
      expect((await run('({ FAST, slow })')).text).toBe('{ FAST: 10, slow: 50 }');
    });

    it('stay a target where an object is taken apart', async () => {
      await run('let left = 0, right = 0;');
      await run('({ left, right = 7 } = { left: 3 } as { left: number; right?: number });');
      expect((await run('[left, right]')).text).toBe('[ 3, 7 ]');
    });
  });

  describe('top-level variables', () => {
    it('are written through no Proxy, the cause of slow loops', async () => {
      const proxied = 'require("node:util").types.isProxy(exports)';
      expect((await run(`declare const exports: object; ${proxied}`)).text).toBe('false');
    });

    it('written in one cell are read and written in the next', async () => {
      await run('let sum = 0; for (let i = 0; i < 10; i++) sum += i;');
      await run('sum += 1;');
      expect((await run('sum')).text).toBe('46');
    });

    it('may be imported, imported again, and declared anew', async () => {
      await run('import { LabError } from "@streamscalp/lib"; import * as path from "node:path";');
      await run('import { LabError } from "@streamscalp/lib"; import * as path from "node:path";');
      expect((await run('path.posix.join("a", "b") + LabError.name')).text).toBe("'a/bLabError'");
      await run('let path = 5;');
      await run('path += 1;');
      expect((await run('path')).text).toBe('6');
    });

    it('of a cell that failed half way are kept', async () => {
      await run('const kept = [1, 2]; throw new Error("late");');
      expect((await run('kept')).text).toBe('[ 1, 2 ]');
    });
  });

  it('runs `for await` as the only wait of a cell', async () => {
    await run('async function* ticks() { yield 1; yield 2; }');
    expect((await run('for await (const tick of ticks()) console.log(tick);')).text).toBe('1\n2\n');
  });

  describe('errors', () => {
    it('are Jupyter error messages with a name, a value and a traceback', async () => {
      const { status, error } = await run('throw new RangeError("too far");');
      expect(status).toBe('error');
      expect(error).toMatchObject({ ename: 'RangeError', evalue: 'too far' });
    });

    it('name the TypeScript line of the cell and no line of the kernel', async () => {
      const { error } = await run(
        'interface A { x: number }\n\ntype B = A;\nfunction inner(b: B) {\n  throw new Error("x " + b.x);\n}\ninner({ x: 1 });',
      );
      const frames = error?.traceback.map(stripColours) ?? [];
      expect(frames[0]).toBe('Error: x 1');
      expect(frames[1]).toMatch(/^ +at inner \(cell\[\d+\]:5:9\)$/);
      expect(frames[2]).toMatch(/^ +at cell\[\d+\]:7:1$/);
      expect(frames).toHaveLength(3);
    });

    it('name the TypeScript line of the library', async () => {
      await run('import { parseMoment } from "@streamscalp/lib/core/time";');
      const { error } = await run('parseMoment("soon")');
      expect(error?.traceback.join('\n')).toMatch(/lib\/core\/time\.ts:\d+:\d+/);
    });

    it('say what the compiler refused, by line and column', async () => {
      const { error } = await run('const ok = 1;\nconst bad: number = "x";');
      expect(error?.ename).toBe('TypeScriptError');
      expect(error?.evalue).toBe("2:7 - Type 'string' is not assignable to type 'number'.");
    });

    it('drop the cells that were sent before the failure, and none sent after it', async () => {
      const [failed, queued] = await Promise.all([run('throw 1'), run('"queued"')]);
      expect([failed.status, queued.status]).toEqual(['error', 'aborted']);
      expect((await run('"after"')).text).toBe("'after'");
    });
  });

  describe('types', () => {
    it('are strict', async () => {
      expect((await run('const nothing: string = null;')).error?.evalue).toMatch(/'null'/);
    });

    it('come through the `exports` of a package', async () => {
      await run('import { DAY } from "@streamscalp/lib/core/time";');
      expect((await run('const day: string = DAY;')).error?.evalue).toMatch(/'number'/);
    });

    it('of typed arrays do not decay to any', async () => {
      await run('import { allocateBars } from "@streamscalp/lib/market/bar";');
      expect((await run('allocateBars(2).close.nope')).error?.evalue).toMatch(/'nope'/);
    });

    it('complete a name under the cursor', async () => {
      const code = 'allocateBars(2).clo';
      const reply = await kernel.ask('complete_request', { code, cursor_pos: code.length });
      expect(reply.matches).toEqual(['close', 'closeTs']);
    });
  });

  describe('the last expression', () => {
    it('is shown as the object itself asks', async () => {
      const { outputs } = await run(
        '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>" }) })',
      );
      expect(outputs[0]).toMatchObject({
        output_type: 'execute_result',
        data: { 'text/html': '<b>1</b>' },
      });
    });

    it('is printed as Node prints it otherwise', async () => {
      expect((await run('new Map([["a", { b: 1 }]])')).text).toBe("Map(1) { 'a' => { b: 1 } }");
    });
  });

  describe('an interrupt', () => {
    const ABORT = 'const abort = (globalThis as any)[Symbol.for("lab.abort")];';
    // Cells that wait say "go" after a first wait: Node loses a signal that comes in the instant in which it takes down
    // its guard against computing loops (see interrupt.ts), and a person's finger never hits that instant.
    /** Presses Ctrl-C once, when the cell has said that it runs. */
    const pressOnce = () => {
      let pressed = false;
      return (outputs: { length: number }) => {
        if (!pressed && outputs.length > 0) kernel.interrupt();
        pressed ||= outputs.length > 0;
      };
    };

    it('stops a loop that computes', async () => {
      const { error } = await runCell(kernel, 'console.log("go"); for (;;);', pressOnce());
      expect(error?.ename).toBe('Interrupted');
    });

    it('lets a cell that reads the signal hand back what is done', async () => {
      await run(ABORT);
      const sweep = `let done = 0; const { signal } = abort; await 0; console.log("go");
        while (!signal.aborted) { done++; await new Promise((go) => setTimeout(go, 5)); }
        "partial"`;
      const { status, text } = await runCell(kernel, sweep, pressOnce());
      expect([status, text]).toEqual(['ok', "go\n'partial'"]);
      expect(Number((await run('done')).text)).toBeGreaterThan(0);
    });

    it('fails a cell that does not listen', async () => {
      const deaf = 'await 0; console.log("go"); await new Promise(() => {});';
      const { error } = await runCell(kernel, deaf, pressOnce());
      expect(error?.ename).toBe('Interrupted');
    });
  });

  it('works in the root of the project, wherever the notebook lies', async () => {
    const read = 'JSON.parse(require("node:fs").readFileSync("package.json", "utf8")).name';
    expect((await run(read)).text).toBe("'streamscalp-lab'");
  });
});
