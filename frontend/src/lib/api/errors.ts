import * as v from "valibot";

const ProblemDocument = v.object({
  type: v.optional(v.string(), ""),
  title: v.optional(v.string(), ""),
  detail: v.optional(v.string(), ""),
  errors: v.optional(v.array(v.object({ pointer: v.string(), detail: v.string() })), []),
});

const PREFIX = "urn:outlay:problem:";

/** The server said no, and why (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly slug: string;
  /** What is wrong with each field, by the field's name. */
  readonly fields: Readonly<Record<string, string>>;
  /** All that it says: some kinds say more than others. */
  readonly body: unknown;
  /** How long to wait before asking again, where the server said so. */
  readonly retryAfterMs: number | null;

  constructor(status: number, body: unknown, retryAfterMs: number | null = null) {
    const read = v.safeParse(ProblemDocument, body);
    const document = read.success ? read.output : v.getDefaults(ProblemDocument);
    super(document.detail || document.title || "");
    this.name = "Problem";
    this.status = status;
    this.body = body;
    this.slug = document.type?.startsWith(PREFIX) ? document.type.slice(PREFIX.length) : "";
    this.fields = Object.fromEntries((document.errors ?? []).map((each) => [fieldName(each.pointer), each.detail]));
    this.retryAfterMs = retryAfterMs;
  }

  /** Too many requests, or a part is away for a moment: the same request may soon succeed. */
  get isBusy(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

/** No answer at all: the network or the server is away. */
export class UnreachableError extends Error {
  constructor() {
    super("unreachable");
    this.name = "Unreachable";
  }
}

/** The code of a page did not come: the server is away, or has a newer app by now, which a reload brings. */
export class ChunkLoadError extends Error {
  constructor() {
    super("unfetched");
    this.name = "Unfetched";
  }
}

/** The browser keeps no cookies for the API, which is on another site: nobody can stay signed in. */
export class CookiesBlockedError extends Error {
  constructor() {
    super("unkept");
    this.name = "Unkept";
  }
}

/** An answer that is not what the API describes. */
export class UnexpectedResponseError extends Error {
  constructor(what: string) {
    super(what);
    this.name = "Misread";
  }
}

/** The problem that an answer states. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return new ApiProblem(response.status, body, parseRetryAfter(response));
}

export function parseRetryAfter(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function fieldName(pointer: string): string {
  const [first = ""] = pointer.replace(/^\//, "").split("/");
  return first.replaceAll("~1", "/").replaceAll("~0", "~");
}
