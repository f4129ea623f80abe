import { randomId } from "@/lib/ids";

/** What tabs say to each other; `news` is whatever the leader passes on. */
type Word<News> = { from: string; say: "anyone" | "here" | "bye" } | { from: string; say: "news"; news: News };

/** The part of BroadcastChannel that is needed, so that a test can hold both ends. */
export interface Channel {
  postMessage(message: unknown): void;
  close(): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

export interface Role<News> {
  lead(): void;
  follow(): void;
  news(news: News): void;
}

const ANSWER_MS = 300;
const ASK_MS = 5000;

/**
 * Agrees with the other tabs which one of them leads. Followers ask, the leader answers at once: answering is an
 * event, and browsers slow down timers of hidden tabs but not events, so a hidden leader is not mistaken for a dead
 * one. Two may lead for a moment; as soon as one hears the other, the one with the larger id steps down.
 */
export class Election<News> {
  readonly #id = randomId();
  readonly #channel: Channel | null;
  readonly #role: Role<News>;
  #leading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(channel: Channel | null, role: Role<News>) {
    this.#channel = channel;
    this.#role = role;
    channel?.addEventListener("message", (event: MessageEvent<Word<News>>) => this.#hear(event.data));
  }

  start(): void {
    if (this.#channel) this.#ask();
    else this.#lead();
  }

  stop(): void {
    clearTimeout(this.#timer);
    if (this.#leading) this.#say("bye");
    this.#leading = false;
  }

  close(): void {
    this.stop();
    this.#channel?.close();
  }

  /** Passes news on to the tabs that follow. */
  tell(news: News): void {
    if (this.#leading) this.#channel?.postMessage({ from: this.#id, say: "news", news });
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lead(), ANSWER_MS * (1 + Math.random()));
    this.#say("anyone");
  }

  #lead(): void {
    this.#leading = true;
    this.#say("here");
    this.#role.lead();
  }

  #follow(): void {
    const led = this.#leading;
    this.#leading = false;
    if (led) this.#role.follow();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), ASK_MS);
  }

  #hear(word: Word<News>): void {
    if (word.say === "anyone" && this.#leading) this.#say("here");
    if (word.say === "here") this.#meet(word.from);
    if (word.say === "bye" && !this.#leading) this.#ask();
    if (word.say === "news" && !this.#leading) this.#role.news(word.news);
  }

  #meet(other: string): void {
    if (this.#leading && this.#id < other) this.#say("here");
    else this.#follow();
  }

  #say(say: "anyone" | "here" | "bye"): void {
    this.#channel?.postMessage({ from: this.#id, say });
  }
}

/** The channel of that name among this browser's tabs, or null where there is no such thing. */
export function channelOf(name: string): Channel | null {
  return typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : null;
}
