import { renewSession } from "@/lib/api/session-renewal";

/** The events of the live stream. Both carry state and are repeated every 15 s, so a lost one does no harm. */
export type LiveEvent =
  | { kind: "revision"; ledger: string; revision: number }
  | { kind: "insights"; ledger: string; computedAt: string };

export interface LiveSourceHandlers {
  onEvent(event: LiveEvent): void;
  /** Called with whether changes made elsewhere arrive promptly. */
  onConnectionChange(isConnected: boolean): void;
  onSessionEnd(): void;
}

const MIN_RETRY_DELAY_MS = 1000;
const MAX_RETRY_DELAY_MS = 30_000;
/** The server sends an event every 15 s; after more than twice that time the connection counts as dead. */
const SILENCE_TIMEOUT_MS = 35_000;

/** One live stream. Reconnects with exponential backoff until it is closed. */
export class LiveSource {
  readonly #url: string;
  readonly #handlers: LiveSourceHandlers;
  #stream: EventSource | null = null;
  /** Whether to reconnect after a failure. */
  #shouldReconnect = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, handlers: LiveSourceHandlers) {
    this.#url = url;
    this.#handlers = handlers;
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

  /** Reconnects at once if a retry is scheduled. */
  reconnectNow(): void {
    if (this.#shouldReconnect && !this.#stream) this.open();
  }

  close(): void {
    this.#shouldReconnect = false;
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = null;
  }

  /**
   * Restarts the timeout. The server may be connected but receive changes late itself; it then reports that updates are
   * paused.
   */
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

  /** Schedules a retry by a timer, which ends with its page if the stream failed because the page is unloaded. */
  #handleFailure(stream: EventSource | null): void {
    if (!stream || stream !== this.#stream) return;
    const wasRefused = stream.readyState === EventSource.CLOSED;
    this.close();
    this.#handlers.onConnectionChange(false);
    this.#shouldReconnect = true;
    const delay = Math.min(MIN_RETRY_DELAY_MS * 2 ** this.#failures++, MAX_RETRY_DELAY_MS);
    this.#timer = setTimeout(() => void this.#retry(wasRefused), delay * (0.75 + Math.random() / 2));
  }

  /**
   * Reconnects, or ends the session. A refused EventSource stops for good and hides the status, so the session is
   * renewed to learn it.
   */
  async #retry(wasRefused: boolean): Promise<void> {
    const ended = wasRefused && (await renewSession()) === "ended";
    // Closed or reopened while the session was renewed.
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
