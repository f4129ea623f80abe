import { randomId } from "@/lib/ids";

/** Messages between tabs; `news` is the payload that the leader forwards. */
type ElectionMessage<News> =
  | { from: string; type: "anyone" | "here" | "bye" }
  | { from: string; type: "news"; news: News };

/** The part of BroadcastChannel that is used, so that a test can hold both ends. */
export interface Channel {
  postMessage(message: unknown): void;
  close(): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

export interface ElectionHandlers<News> {
  onLead(): void;
  onFollow(): void;
  onNews(news: News): void;
}

const ANSWER_TIMEOUT_MS = 300;
const CHECK_INTERVAL_MS = 5000;

/**
 * Elects one tab as the leader. Followers ask, and the leader answers at once. Browsers throttle timers of hidden tabs
 * but not events, so a hidden leader is not mistaken for a dead one. Two tabs may lead for a moment; as soon as one
 * hears the other, the one with the larger id becomes a follower.
 */
export class LeaderElection<News> {
  readonly #id = randomId();
  readonly #channel: Channel | null;
  readonly #handlers: ElectionHandlers<News>;
  #isLeader = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(channel: Channel | null, handlers: ElectionHandlers<News>) {
    this.#channel = channel;
    this.#handlers = handlers;
    channel?.addEventListener("message", (event: MessageEvent<ElectionMessage<News>>) => this.#receive(event.data));
  }

  start(): void {
    if (this.#channel) this.#callElection();
    else this.#becomeLeader();
  }

  stop(): void {
    clearTimeout(this.#timer);
    if (this.#isLeader) this.#send("bye");
    this.#isLeader = false;
  }

  close(): void {
    this.stop();
    this.#channel?.close();
  }

  /** Forwards news to the followers. */
  broadcast(news: News): void {
    if (this.#isLeader) this.#channel?.postMessage({ from: this.#id, type: "news", news });
  }

  #callElection(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#becomeLeader(), ANSWER_TIMEOUT_MS * (1 + Math.random()));
    this.#send("anyone");
  }

  #becomeLeader(): void {
    this.#isLeader = true;
    this.#send("here");
    this.#handlers.onLead();
  }

  #becomeFollower(): void {
    const wasLeader = this.#isLeader;
    this.#isLeader = false;
    if (wasLeader) this.#handlers.onFollow();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#callElection(), CHECK_INTERVAL_MS);
  }

  #receive(message: ElectionMessage<News>): void {
    if (message.type === "anyone" && this.#isLeader) this.#send("here");
    if (message.type === "here") this.#meetLeader(message.from);
    if (message.type === "bye" && !this.#isLeader) this.#callElection();
    if (message.type === "news" && !this.#isLeader) this.#handlers.onNews(message.news);
  }

  #meetLeader(other: string): void {
    if (this.#isLeader && this.#id < other) this.#send("here");
    else this.#becomeFollower();
  }

  #send(type: "anyone" | "here" | "bye"): void {
    this.#channel?.postMessage({ from: this.#id, type });
  }
}

/** Opens the channel of that name; null if the browser has no BroadcastChannel. */
export function openChannel(name: string): Channel | null {
  return typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : null;
}
