import { renewSession } from "@/lib/api/renewal";

/** What the server says on the live stream. Both are state and are said again every 15 s, so missing one is harmless. */
export type LiveEvent =
  | { kind: "revision"; ledger: string; revision: number }
  | { kind: "insights"; ledger: string; computedAt: string };

export interface Sink {
  event(event: LiveEvent): void;
  /** Whether changes made elsewhere arrive as they happen. */
  connected(yes: boolean): void;
  ended(): void;
}

const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** The server speaks every 15 s; twice that in silence means that the line is dead. */
const SILENCE_MS = 35_000;

/** One live stream, opened again with growing patience for as long as it is wanted. */
export class LiveSource {
  readonly #url: string;
  readonly #sink: Sink;
  #stream: EventSource | null = null;
  /** Whether to open another one when this one has failed. */
  #wanted = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, sink: Sink) {
    this.#url = url;
    this.#sink = sink;
  }

  open(): void {
    this.close();
    const stream = new EventSource(this.#url, { withCredentials: true });
    this.#stream = stream;
    stream.addEventListener("open", () => this.#heard(true));
    for (const name of ["revision", "insights"] as const) {
      stream.addEventListener(name, (message) => {
        const said = parsed(message.data);
        this.#heard(said.paused !== true);
        const event = eventOf(name, said);
        if (event) this.#sink.event(event);
      });
    }
    stream.addEventListener("error", () => this.#failed(stream));
    this.#expectNews();
  }

  /** Does not wait any longer, if it was waiting. */
  hurry(): void {
    if (this.#wanted && !this.#stream) this.open();
  }

  close(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = null;
  }

  /** The server may be there and yet hear of changes late: it then says that news is paused. */
  #heard(promptly: boolean): void {
    this.#failures = 0;
    this.#sink.connected(promptly);
    this.#expectNews();
  }

  #expectNews(): void {
    clearTimeout(this.#timer);
    const stream = this.#stream;
    this.#timer = setTimeout(() => this.#failed(stream), SILENCE_MS);
  }

  /** Tries again after a pause, by a timer: where the stream failed because the page goes away, the timer goes too. */
  #failed(stream: EventSource | null): void {
    if (!stream || stream !== this.#stream) return;
    const refused = stream.readyState === EventSource.CLOSED;
    this.close();
    this.#sink.connected(false);
    this.#wanted = true;
    const wait = Math.min(SHORTEST_WAIT_MS * 2 ** this.#failures++, LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => void this.#retry(refused), wait * (0.75 + Math.random() / 2));
  }

  /** An EventSource that was refused stops for good and hides the status, so the session is renewed to find out. */
  async #retry(refused: boolean): Promise<void> {
    const ended = refused && (await renewSession()) === "ended";
    // Closed, or opened anew, while the session was renewed.
    if (!this.#wanted || this.#stream) return;
    if (ended) this.#sink.ended();
    else this.open();
  }
}

function eventOf(kind: "revision" | "insights", said: Record<string, unknown>): LiveEvent | null {
  const { ledger, revision, computed_at: computedAt } = said;
  if (typeof ledger !== "string") return null;
  if (kind === "insights") return typeof computedAt === "string" ? { kind, ledger, computedAt } : null;
  return typeof revision === "number" ? { kind, ledger, revision } : null;
}

function parsed(data: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === "object" && value ? { ...value } : {};
  } catch {
    return {};
  }
}
