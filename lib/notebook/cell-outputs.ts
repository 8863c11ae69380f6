import type { CellOutput } from './notebook-file.ts';
import type { Content, Message } from './wire/message.ts';

type Picture = Extract<CellOutput, { output_type: 'display_data' | 'execute_result' }>;

/** Gathers the messages of running cells into the outputs a notebook file keeps. */
export class CellOutputs {
  /** Pictures that may be replaced in place, also by a later cell. */
  readonly #displays = new Map<string, Picture[]>();
  #clearNext = false;

  /** Adds one message to the outputs of the cell it belongs to. */
  add(outputs: CellOutput[], { header, content }: Message): void {
    if (header.msg_type === 'update_display_data') this.#update(content);
    if (header.msg_type === 'clear_output') {
      if (content.wait === true) this.#clearNext = true;
      else outputs.length = 0;
    }
    const output = toOutput(header.msg_type, content);
    if (output) this.#append(outputs, output, content);
  }

  #append(outputs: CellOutput[], output: CellOutput, content: Content): void {
    if (this.#clearNext) outputs.length = 0;
    this.#clearNext = false;
    const last = outputs.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream') {
      if (last.name === output.name) {
        last.text += output.text;
        return;
      }
    }
    outputs.push(output);
    const id = displayId(content);
    if (id !== undefined && 'data' in output) {
      this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
    }
  }

  #update(content: Content): void {
    for (const shown of this.#displays.get(displayId(content) ?? '') ?? []) {
      shown.data = content.data as Record<string, unknown>;
    }
  }
}

function toOutput(type: string, content: Content): CellOutput | undefined {
  switch (type) {
    case 'stream':
    case 'display_data':
    case 'execute_result':
    case 'error': {
      const { transient: _, ...kept } = content;
      return { output_type: type, ...kept } as CellOutput;
    }
    default:
      return undefined;
  }
}

function displayId(content: Content): string | undefined {
  return (content.transient as { display_id?: string } | undefined)?.display_id;
}
