import { setTimeout as delay } from 'node:timers/promises';
import { Publisher, Reply, Router } from 'zeromq';
import { html } from '../../report/html.ts';
import { installKernelHook } from '../kernel-hook.ts';
import type { MimeBundle } from '../mime-bundle.ts';
import type { Connection } from '../wire/connection.ts';
import { createReply, decodeMessage, encodeMessage, type Message } from '../wire/message.ts';
import { type CellError, runtimeError } from './cell-error.ts';
import { CellQueue } from './cell-queue.ts';
import type { CellSession } from './cell-session.ts';
import { KERNEL_INFO } from './kernel-info.ts';
import { redirectOutput } from './output-streams.ts';

type PageHandler = (data: unknown) => Promise<Record<string, unknown>>;
type RunningCell = { readonly key: string; readonly run: number };

/**
 * After a failing cell, how long requests that were sent before its failure may still be on their way. The failing
 * cell is answered after this, so a client that waits for the answer is never dropped.
 */
const DRAIN_MS = 30;

/** A client that has a cell to run sends it within this time of the answer that the kernel is ready. */
const REST_MS = 100;

/** The Jupyter side of the kernel: five sockets, one conversation per request. */
export class KernelServer {
  readonly #connection: Connection;
  readonly #session: CellSession;
  readonly #sockets = {
    // Without a high-water mark a send never waits, so the output of a cell that computes for a minute shows at once.
    shell: new Router({ linger: 500, sendHighWaterMark: 0 }),
    control: new Router({ linger: 500, sendHighWaterMark: 0 }),
    stdin: new Router({ linger: 0 }),
    iopub: new Publisher({ linger: 500, sendHighWaterMark: 0 }),
    heartbeat: new Reply({ linger: 0 }),
  };
  readonly #cells = new CellQueue(
    (request) => this.#runCell(request),
    (request) => {
      this.#answer(this.#sockets.shell, request, { status: 'aborted' });
      this.#status('idle', request);
    },
  );
  /** The request whose cell ran last: output belongs to it, also output that comes later. */
  #parent: Message | undefined;
  #count = 0;
  #running: RunningCell | undefined;
  readonly #displays = new Set<string>();

  /** What answers pages, by the id of their comm, and the run of the cell that shows them. */
  readonly #handlers = new Map<
    string,
    { readonly cell: RunningCell | undefined; readonly handle: PageHandler }
  >();
  readonly #kernelId: string | undefined;

  /** Called once, when the kernel is ready and has nothing to do. */
  #whenReady: (() => void) | undefined;

  /** @param kernelId the name by which a Jupyter server knows the kernel */
  constructor(
    connection: Connection,
    session: CellSession,
    whenReady: () => void,
    kernelId?: string,
  ) {
    this.#connection = connection;
    this.#whenReady = whenReady;
    this.#kernelId = kernelId;
    this.#session = session;
  }

  /** Binds the sockets and serves until a shutdown request has been answered. */
  async serve(): Promise<void> {
    const { ip, shell_port, control_port, stdin_port, iopub_port, hb_port } = this.#connection;
    const { shell, control, stdin, iopub, heartbeat } = this.#sockets;
    const ports = [shell_port, control_port, stdin_port, iopub_port, hb_port];
    await Promise.all(
      [shell, control, stdin, iopub, heartbeat].map((socket, i) =>
        socket.bind(`tcp://${ip}:${ports[i]}`),
      ),
    );
    redirectOutput((name, text) => this.#publish('stream', { name, text }));
    const running = () => this.#running;
    installKernelHook({
      display: (bundle, id) => this.#display(bundle, id),
      kernelId: this.#kernelId,
      provenance: (value) => this.#session.history.provenanceOf(value),
      answer: (id, handle) => this.#answerAt(id, handle),
      get cell() {
        return running();
      },
    });
    this.#session.tslab.jupyter.lastWriteDisplayData = ({ data, transient }, update) =>
      this.#publish(update ? 'update_display_data' : 'display_data', {
        data,
        metadata: {},
        transient: transient ?? {},
      });
    void this.#echo();
    await Promise.race([this.#listen(shell), this.#listen(control)]);
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#sockets.heartbeat) await this.#sockets.heartbeat.send(frames);
  }

  /** Answers the requests of one socket; returns when one of them asked to shut down. */
  async #listen(socket: Router): Promise<void> {
    for await (const frames of socket) {
      const request = decodeMessage(this.#connection.key, frames);
      if (request.header.msg_type === 'execute_request') {
        void this.#cells.add(request);
        continue;
      }
      if (request.header.msg_type === 'comm_msg') {
        void this.#answerPage(request);
        continue;
      }
      this.#status('busy', request);
      const content = this.#respond(request);
      if (content) this.#answer(socket, request, content);
      this.#status('idle', request);
      if (request.header.msg_type === 'shutdown_request') return;
      if (request.header.msg_type === 'kernel_info_request') this.#rest();
    }
  }

  /** Clients ask for kernel_info until they are ready, and then send a cell or leave us a moment. */
  #rest(): void {
    setTimeout(() => {
      if (this.#count === 0) this.#whenReady?.();
      this.#whenReady = undefined;
    }, REST_MS);
  }

  /** The content of the reply; undefined for messages that expect none, such as those of widgets. */
  #respond({ header, content }: Message): Record<string, unknown> | undefined {
    const { code = '', cursor_pos: cursor = 0 } = content as { code?: string; cursor_pos?: number };
    switch (header.msg_type) {
      case 'kernel_info_request':
        return KERNEL_INFO;
      case 'is_complete_request': {
        const { completed, indent = '' } = this.#session.tslab.isCompleteCode(code);
        return completed ? { status: 'complete' } : { status: 'incomplete', indent };
      }
      case 'complete_request': {
        const { start, end, candidates } = this.#session.complete(code, cursor);
        return {
          status: 'ok',
          cursor_start: start,
          cursor_end: end,
          matches: candidates,
          metadata: {},
        };
      }
      case 'inspect_request': {
        const text = this.#session.inspect(code, cursor);
        const data = text === undefined ? {} : { 'text/plain': text };
        return { status: 'ok', found: text !== undefined, data, metadata: {} };
      }
      case 'history_request':
        return { status: 'ok', history: [] };
      case 'comm_info_request':
        return { status: 'ok', comms: {} };
      case 'interrupt_request':
        this.#session.interrupt();
        return { status: 'ok' };
      case 'shutdown_request':
        return { status: 'ok', restart: content.restart === true };
      default:
        return undefined;
    }
  }

  /** The pages that an earlier run of the cell showed are gone, and with them what answered them. */
  #answerAt(id: string, handle: PageHandler): void {
    const cell = this.#running;
    for (const [old, { cell: by }] of this.#handlers) {
      if (by?.key === cell?.key && by?.run !== cell?.run) this.#handlers.delete(old);
    }
    this.#handlers.set(id, { cell, handle });
  }

  /** A page's message is answered by a message; by a close when nobody knows it any more, or its handler failed. */
  async #answerPage(request: Message): Promise<void> {
    const { comm_id = '', data } = request.content as { comm_id?: string; data?: unknown };
    const handler = this.#handlers.get(comm_id);
    this.#status('busy', request);
    try {
      if (handler)
        this.#publish('comm_msg', { comm_id, data: await handler.handle(data) }, request);
      else this.#publish('comm_close', { comm_id, data: {} }, request);
    } catch (thrown) {
      const { ename, evalue } = runtimeError(thrown);
      this.#publish('comm_close', { comm_id, data: { error: `${ename}: ${evalue}` } }, request);
    }
    this.#status('idle', request);
  }

  async #runCell(request: Message): Promise<boolean> {
    const {
      code = '',
      silent,
      stop_on_error = true,
    } = request.content as {
      code?: string;
      silent?: boolean;
      stop_on_error?: boolean;
    };
    this.#parent = request;
    this.#status('busy', request);
    if (!silent) this.#count += 1;
    const execution_count = this.#count;
    const key = cellKey(request, code);
    this.#running = { key, run: execution_count };
    if (!silent) this.#publish('execute_input', { code, execution_count });
    const outcome = await this.#session.execute(code, execution_count, key);
    if (outcome.status === 'ok') {
      if (outcome.result && !silent) {
        this.#publish('execute_result', { data: outcome.result, metadata: {}, execution_count });
        for (const note of outcome.notes) this.#display(noteBundle(note));
      }
      this.#answer(this.#sockets.shell, request, {
        status: 'ok',
        execution_count,
        payload: [],
        user_expressions: {},
      });
    } else {
      const error = coloured(outcome.error);
      this.#publish('error', { ...error });
      await delay(DRAIN_MS);
      this.#answer(this.#sockets.shell, request, { status: 'error', execution_count, ...error });
    }
    this.#status('idle', request);
    return outcome.status === 'ok' || !stop_on_error;
  }

  #display(bundle: MimeBundle, displayId?: string): void {
    const known = displayId !== undefined && this.#displays.has(displayId);
    if (displayId !== undefined) this.#displays.add(displayId);
    this.#publish(known ? 'update_display_data' : 'display_data', {
      data: bundle,
      metadata: {},
      transient: displayId === undefined ? {} : { display_id: displayId },
    });
  }

  #publish(type: string, content: Record<string, unknown>, request = this.#parent): void {
    if (!request) return;
    const message = createReply(request, type, content);
    this.#send(this.#sockets.iopub, { ...message, identity: [Buffer.from(type)] });
  }

  #status(execution_state: 'busy' | 'idle', request: Message): void {
    this.#publish('status', { execution_state }, request);
  }

  #answer(socket: Router, request: Message, content: Record<string, unknown>): void {
    const type = request.header.msg_type.replace(/_request$/, '_reply');
    this.#send(socket, createReply(request, type, content));
  }

  #send(socket: Router | Publisher, message: Message): void {
    // A client that has gone away is not an error of the kernel.
    socket.send(encodeMessage(this.#connection.key, message)).catch(() => undefined);
  }
}

/** Front ends of today name the cell; of older ones the text of the cell is what tells it from others. */
function cellKey({ metadata }: Message, code: string): string {
  return typeof metadata.cellId === 'string' ? metadata.cellId : code;
}

/** A remark under an output, in the colour of warnings. */
function noteBundle(note: string): MimeBundle {
  const markup = html`<p style="color:#b45309;font-size:12px;margin:2px 0">${note}</p>`;
  return { 'text/html': markup.text, 'text/plain': note };
}

/** Front ends read ANSI colours in a traceback; the first line is the one to see. */
function coloured(error: CellError): CellError {
  const [heading = '', ...rest] = error.traceback;
  return { ...error, traceback: [`\u001b[31m${heading}\u001b[39m`, ...rest] };
}
