import * as v from "valibot";
import { FieldErrorSchema } from "./schemas/field-error.gen";

const text = v.optional(v.string());
/** All is optional: an error may come from a proxy. */
const ProblemDocument = v.fallback(
  v.object({ type: text, title: text, detail: text, errors: v.optional(v.array(FieldErrorSchema)) }),
  {},
);

const PREFIX = "urn:outlay:problem:";

/** An error response of the API (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly slug: string;
  /** Error messages by field name. */
  readonly fields: Readonly<Record<string, string>>;
  /** The complete document; some problem types have additional members. */
  readonly body: unknown;
  /** The value of Retry-After, if the server sent one. */
  readonly retryAfterMs: number | null;

  constructor(status: number, body: unknown, retryAfterMs: number | null = null) {
    const document = v.parse(ProblemDocument, body);
    super(document.detail || document.title || "");
    this.name = "ApiProblem";
    this.status = status;
    this.body = body;
    this.slug = document.type?.startsWith(PREFIX) ? document.type.slice(PREFIX.length) : "";
    this.fields = Object.fromEntries((document.errors ?? []).map((each) => [fieldName(each.pointer), each.detail]));
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may soon succeed: too many requests, or a service is unavailable. */
  get isBusy(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

/** No response: the network or the server is unreachable. */
export class UnreachableError extends Error {
  constructor() {
    super("The server is unreachable");
    this.name = "UnreachableError";
  }
}

/**
 * A page's code could not be loaded: the server is unreachable, or has a newer version of the app, which a reload
 * fetches.
 */
export class ChunkLoadError extends Error {
  constructor() {
    super("A page's code could not be loaded");
    this.name = "ChunkLoadError";
  }
}

/** The browser blocks the cookies of an API on another site, so that no session can be kept. */
export class CookiesBlockedError extends Error {
  constructor() {
    super("The browser blocks cookies of the API");
    this.name = "CookiesBlockedError";
  }
}

/** A response that does not match the API's description. */
export class UnexpectedResponseError extends Error {
  constructor(what: string) {
    super(what);
    this.name = "UnexpectedResponseError";
  }
}

/** Reads the problem document of an error response. */
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
