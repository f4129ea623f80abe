import { renewSession } from "@/lib/api/session-renewal";

/** What the server says on the live stream. Both are state and are said again every 15 s, so missing one is harmless. */
export type LiveEvent =
  | { kind: "revision"; ledger: string; revision: number }
  | { kind: "insights"; ledger: string; computedAt: string };

export interface LiveSourceHandlers {
  onEvent(event: LiveEvent): void;
  /** Whether changes made elsewhere arrive as they happen. */
  onConnectionChange(isConnected: boolean): void;
  onSessionEnd(): void;
}

const MIN_RETRY_DELAY_MS = 1000;
const MAX_RETRY_DELAY_MS = 30_000;
/** The server speaks every 15 s; twice that in silence means that the line is dead. */
const SILENCE_TIMEOUT_MS = 35_000;

/** One live stream, opened again with growing patience for as long as it is wanted. */
export class LiveSource {
  readonly #url: string;
  readonly #handlers: LiveSourceHandlers;
  #stream: EventSource | null = null;
  /** Whether to open another one when this one has failed. */
  #shouldReconnect = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, sink: LiveSourceHandlers) {
    this.#url = url;
    this.#handlers = sink;
  }

  open(): void {
    this.close();
    const stream = new EventSource(this.#url, { withCredentials: true });
    this.#stream = stream;
    stream.addEventListener("open", () => this.#handleActivity(true));
    for (const name of ["revision", "insights"] as const) {
      stream.addEventListener(name, (message) => {
        const data = parseMessage(message.data);
        this.#handleActivity(data.paused !== true);
        const event = parseEvent(name, data);
        if (event) this.#handlers.onEvent(event);
      });
    }
    stream.addEventListener("error", () => this.#handleFailure(stream));
    this.#restartSilenceTimer();
  }

  /** Does not wait any longer, if it was waiting. */
  reconnectNow(): void {
    if (this.#shouldReconnect && !this.#stream) this.open();
  }

  close(): void {
    this.#shouldReconnect = false;
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = null;
  }

  /** The server may be there and yet hear of changes late: it then says that news is paused. */
  #handleActivity(isPrompt: boolean): void {
    this.#failures = 0;
    this.#handlers.onConnectionChange(isPrompt);
    this.#restartSilenceTimer();
  }

  #restartSilenceTimer(): void {
    clearTimeout(this.#timer);
    const stream = this.#stream;
    this.#timer = setTimeout(() => this.#handleFailure(stream), SILENCE_TIMEOUT_MS);
  }

  /** Tries again after a pause, by a timer: where the stream failed because the page goes away, the timer goes too. */
  #handleFailure(stream: EventSource | null): void {
    if (!stream || stream !== this.#stream) return;
    const wasRefused = stream.readyState === EventSource.CLOSED;
    this.close();
    this.#handlers.onConnectionChange(false);
    this.#shouldReconnect = true;
    const delay = Math.min(MIN_RETRY_DELAY_MS * 2 ** this.#failures++, MAX_RETRY_DELAY_MS);
    this.#timer = setTimeout(() => void this.#retry(wasRefused), delay * (0.75 + Math.random() / 2));
  }

  /** An EventSource that was refused stops for good and hides the status, so the session is renewed to find out. */
  async #retry(wasRefused: boolean): Promise<void> {
    const ended = wasRefused && (await renewSession()) === "ended";
    // Closed, or opened anew, while the session was renewed.
    if (!this.#shouldReconnect || this.#stream) return;
    if (ended) this.#handlers.onSessionEnd();
    else this.open();
  }
}

function parseEvent(kind: "revision" | "insights", data: Record<string, unknown>): LiveEvent | null {
  const { ledger, revision, computed_at: computedAt } = data;
  if (typeof ledger !== "string") return null;
  if (kind === "insights") return typeof computedAt === "string" ? { kind, ledger, computedAt } : null;
  return typeof revision === "number" ? { kind, ledger, revision } : null;
}

function parseMessage(data: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === "object" && value ? { ...value } : {};
  } catch {
    return {};
  }
}
