/*
 * As much of ONNX's protobuf as a small graph needs, after onnx/onnx.proto3 of ONNX 1.17 (opset 17): tests need a model
 * that a runtime runs, and no program of another language to make one.
 */

type Field = readonly [number: number, value: number | string | Buffer];

/** A message: integers as varints, texts and messages with their length before them. */
function message(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes = Buffer.from(value as string);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) | 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}

const [FLOAT, INT64] = [1, 7];

/** An axis of a tensor: its length, or a name where that is left open. */
type Axis = number | string;

export function floats(name: string, dims: readonly number[], values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return tensor(name, dims, FLOAT, bytes);
}

export function integers(name: string, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => {
    bytes.writeBigInt64LE(BigInt(value), i * 8);
  });
  return tensor(name, [values.length], INT64, bytes);
}

function tensor(name: string, dims: readonly number[], type: number, bytes: Buffer): Buffer {
  return message([...dims.map((length) => [1, length] as const), [2, type], [8, name], [9, bytes]]);
}

export const floatTensor = (name: string, ...axes: readonly Axis[]) => value(name, FLOAT, axes);
export const integerTensor = (name: string, ...axes: readonly Axis[]) => value(name, INT64, axes);

function value(name: string, type: number, axes: readonly Axis[]): Buffer {
  const dims = axes.map((axis) => message([[typeof axis === 'number' ? 1 : 2, axis]]));
  const shape = message(dims.map((dim) => [1, dim]));
  const tensorType = message([
    [1, type],
    [2, shape],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensorType]])],
  ]);
}

/** One step of a graph; attributes are whole numbers. */
export function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): Buffer {
  const INT = 2;
  return message([
    ...inputs.map((input) => [1, input] as const),
    [2, output],
    [4, operator],
    ...Object.entries(attributes).map(
      ([name, number]) =>
        [
          5,
          message([
            [1, name],
            [3, number],
            [20, INT],
          ]),
        ] as const,
    ),
  ]);
}

/** The bytes of a `.onnx` file. */
export function onnxFile(graph: {
  readonly nodes: readonly Buffer[];
  readonly constants: readonly Buffer[];
  readonly inputs: readonly Buffer[];
  readonly output: Buffer;
}): Buffer {
  const fields = (number: number, all: readonly Buffer[]) =>
    all.map((one) => [number, one] as const);
  const body = message([
    ...fields(1, graph.nodes),
    [2, 'graph'],
    ...fields(5, graph.constants),
    ...fields(11, graph.inputs),
    [12, graph.output],
  ]);
  return message([
    [1, 8],
    [7, body],
    [8, message([[2, 17]])],
  ]);
}
