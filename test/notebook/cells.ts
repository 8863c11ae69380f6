import { CellOutputs } from '@streamscalp/lib/notebook/cell-outputs';
import { KernelClient } from '@streamscalp/lib/notebook/kernel-client';
import { kernelspec } from '@streamscalp/lib/notebook/kernelspec';
import type { CellOutput } from '@streamscalp/lib/notebook/notebook-file';
import { PROJECT_ROOT } from '../support/shared-data.ts';

/** The real kernel of this project, started as Jupyter would start it. */
export function startKernel(): Promise<KernelClient> {
  return KernelClient.start(kernelspec(PROJECT_ROOT).argv);
}

export interface RanCell {
  readonly status: unknown;
  readonly outputs: CellOutput[];
  /** Everything a reader would see as plain text, one output after another. */
  readonly text: string;
  readonly error: { ename: string; evalue: string; traceback: string[] } | undefined;
}

/** Runs one cell to its end. `onOutput` is told when something new can be seen. */
export async function runCell(
  kernel: KernelClient,
  code: string,
  onOutput?: (outputs: CellOutput[]) => void,
): Promise<RanCell> {
  const outputs: CellOutput[] = [];
  const gathered = new CellOutputs();
  const reply = await kernel.execute(code, (message) => {
    gathered.add(outputs, message);
    onOutput?.(outputs);
  });
  const error = outputs.find((output) => output.output_type === 'error');
  return { status: reply.status, outputs, text: outputs.map(plainText).join(''), error };
}

function plainText(output: CellOutput): string {
  if (output.output_type === 'stream') return output.text;
  if (output.output_type === 'error') return output.traceback.join('\n');
  return String(output.data['text/plain'] ?? '');
}
