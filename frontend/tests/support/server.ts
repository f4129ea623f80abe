import { vi } from "vitest";

/** Returns the mock server's response to a request. */
export type Responder = (request: Request) => Response | Promise<Response>;

export interface MockServer {
  /** All requests so far, oldest first. */
  requests: Request[];
  /** Returns the requests to a path, regardless of the query. */
  requestsTo(method: string, path: string): Request[];
}

/** Replaces `fetch`. Responds by method and path; several responders take turns. */
export function mockServer(answers: Record<string, Responder | Responder[]>): MockServer {
  const requests: Request[] = [];
  const queues = new Map(Object.entries(answers).map(([key, value]) => [key, [value].flat()]));
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(absolute(input), init);
    requests.push(request.clone());
    const key = `${request.method} ${new URL(request.url).pathname}`;
    const queue = queues.get(key);
    const answer = queue && queue.length > 1 ? queue.shift() : queue?.[0];
    if (!answer) throw new Error(`The mock server has no responder for ${key}`);
    return answer(request);
  });
  return { requests, requestsTo: (method, path) => requests.filter((request) => isTo(request, method, path)) };
}

export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return Response.json(body, { status, headers });
}

export function problem(status: number, slug: string, rest: Record<string, unknown> = {}): Response {
  const body = { type: `urn:outlay:problem:${slug}`, title: slug, status, detail: `${slug}.`, ...rest };
  return Response.json(body, { status, headers: { "Content-Type": "application/problem+json" } });
}

/** A response that the test resolves later. */
export function deferredResponse(): { response: Promise<Response>; resolveWith(response: Response): void } {
  const resolvers: ((response: Response) => void)[] = [];
  const response = new Promise<Response>((resolve) => void resolvers.push(resolve));
  return { response, resolveWith: (value) => resolvers[0]?.(value) };
}

function isTo(request: Request, method: string, path: string): boolean {
  return request.method === method && new URL(request.url).pathname === path;
}

function absolute(input: RequestInfo | URL): RequestInfo | URL {
  return typeof input === "string" ? new URL(input, window.location.origin) : input;
}
