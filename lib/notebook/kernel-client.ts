import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { LabError } from '../core/errors.ts';
import { type Connection, freeConnection } from './wire/connection.ts';
import {
  type Content,
  createRequest,
  decodeMessage,
  encodeMessage,
  type Message,
} from './wire/message.ts';

/** A request under way: done when its reply and, on the shell, the kernel's `idle` have both arrived. */
interface Pending {
  readonly onOutput: ((message: Message) => void) | undefined;
  readonly resolve: (reply: Message) => void;
  readonly reject: (error: Error) => void;
  readonly needsIdle: boolean;
  reply: Message | undefined;
  idle: boolean;
}

/** A Jupyter client without Python: starts a kernel, runs cells on it, ends it. */
export class KernelClient {
  readonly #connection: Connection;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #session = randomUUID();
  readonly #pending = new Map<string, Pending>();
  readonly #shell = new Dealer({ linger: 0 });
  readonly #control = new Dealer({ linger: 0 });
  readonly #iopub = new Subscriber({ linger: 0 });
  readonly #killWithUs = () => this.#process.kill('SIGKILL');
  #outputSeen = false;
  #gone: Error | undefined;

  /**
   * Starts a kernel and waits until it answers on both of its channels.
   *
   * @param argv as in a kernelspec: absolute, with `{connection_file}` to be filled in
   * @throws LabError `io` when it ends or says nothing within `timeoutMs`
   */
  static async start(argv: readonly string[], timeoutMs = 60_000): Promise<KernelClient> {
    const client = new KernelClient(argv, await freeConnection(randomUUID()));
    try {
      await client.#handshake(timeoutMs);
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  private constructor(argv: readonly string[], connection: Connection) {
    this.#connection = connection;
    this.#folder = mkdtempSync(join(tmpdir(), 'lab-kernel-'));
    const file = join(this.#folder, 'connection.json');
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [command = '', ...args] = argv.map((arg) => arg.replace('{connection_file}', file));
    // The kernel's own words before its first cell are a warning of the runtime at most; they go to our stderr.
    this.#process = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
    });
    this.#exited = new Promise((resolve) => {
      const fail = (why: string) => {
        this.#gone = new LabError('io', `the kernel ended before it was told to (${why})`);
        for (const pending of this.#pending.values()) pending.reject(this.#gone);
        this.#pending.clear();
        resolve();
      };
      this.#process.once('error', (error) => fail(error.message));
      this.#process.once('exit', (code, signal) => fail(signal ?? `exit status ${code}`));
    });
    process.once('exit', this.#killWithUs);
    const url = (port: number) => `tcp://${connection.ip}:${port}`;
    this.#shell.connect(url(connection.shell_port));
    this.#control.connect(url(connection.control_port));
    this.#iopub.connect(url(connection.iopub_port));
    this.#iopub.subscribe();
    void this.#receive(this.#shell, (message) => this.#onReply(message));
    void this.#receive(this.#control, (message) => this.#onReply(message));
    void this.#receive(this.#iopub, (message) => this.#onBroadcast(message));
  }

  /** Runs one cell. Outputs arrive at `onOutput` as they are made; resolves to the content of the reply. */
  async execute(code: string, onOutput: (message: Message) => void): Promise<Content> {
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    return (await this.#request('execute_request', content, onOutput)).content;
  }

  /** Any other request on the shell channel, such as `complete_request`; resolves to the content of the reply. */
  async ask(type: string, content: Content): Promise<Content> {
    return (await this.#request(type, content)).content;
  }

  /** Sends a message that expects no reply, such as `comm_msg`; what it sets off arrives at `onOutput`. */
  async tell(type: string, content: Content, onOutput: (message: Message) => void): Promise<void> {
    await this.#request(type, content, onOutput, this.#shell, true, false);
  }

  /** Stops the running cell, as Ctrl-C would. */
  interrupt(): void {
    this.#process.kill('SIGINT');
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Ends the kernel: politely, then by force. Safe to call twice. */
  async close(): Promise<void> {
    if (!this.#gone) {
      const goodbye = this.#request(
        'shutdown_request',
        { restart: false },
        undefined,
        this.#control,
      );
      goodbye.catch(() => undefined);
      await Promise.race([this.#exited, delay(1_500, undefined, { ref: false })]);
      this.#process.kill('SIGKILL');
      await this.#exited;
    }
    process.off('exit', this.#killWithUs);
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Repeats kernel_info until its broadcast arrives too: a subscription takes effect some time after it is asked for. */
  async #handshake(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline) {
      const info = this.#request('kernel_info_request', {}, undefined, this.#shell, false);
      await Promise.race([info, delay(1_000)]);
      if (this.#gone) throw this.#gone;
      if (!this.#outputSeen) await delay(20);
      if (this.#outputSeen) return;
    }
    throw new LabError('io', `the kernel did not answer within ${timeoutMs / 1000} s`);
  }

  async #request(
    type: string,
    content: Content,
    onOutput?: (message: Message) => void,
    socket: Dealer = this.#shell,
    needsIdle = socket === this.#shell,
    needsReply = true,
  ): Promise<Message> {
    if (this.#gone) throw this.#gone;
    const request = createRequest(this.#session, type, content);
    const reply = new Promise<Message>((resolve, reject) => {
      const state = { reply: needsReply ? undefined : request, idle: false };
      this.#pending.set(request.header.msg_id, { onOutput, resolve, reject, needsIdle, ...state });
    });
    await socket.send(encodeMessage(this.#connection.key, request));
    return reply;
  }

  async #receive(socket: Dealer | Subscriber, handle: (message: Message) => void): Promise<void> {
    for await (const frames of socket) handle(decodeMessage(this.#connection.key, frames));
  }

  #onReply(message: Message): void {
    const pending = this.#pending.get(message.parent.msg_id ?? '');
    if (!pending) return;
    pending.reply = message;
    this.#settle(message, pending);
  }

  #onBroadcast(message: Message): void {
    this.#outputSeen = true;
    const pending = this.#pending.get(message.parent.msg_id ?? '');
    if (!pending) return;
    const idle = message.header.msg_type === 'status' && message.content.execution_state === 'idle';
    if (idle) {
      pending.idle = true;
      this.#settle(message, pending);
    } else {
      pending.onOutput?.(message);
    }
  }

  #settle(message: Message, pending: Pending): void {
    if (!pending.reply || (pending.needsIdle && !pending.idle)) return;
    this.#pending.delete(message.parent.msg_id ?? '');
    pending.resolve(pending.reply);
  }
}
