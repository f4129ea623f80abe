import { vi } from "vitest";

/** What a test's server answers to one request. */
export type Responder = (request: Request) => Response | Promise<Response>;

export interface MockServer {
  /** All requests so far, oldest first. */
  requests: Request[];
  /** Those to a path, with or without its query. */
  requestsTo(method: string, path: string): Request[];
}

/** Stands in for everything behind `fetch`: answers by method and path, in turn where several are given. */
export function mockServer(answers: Record<string, Responder | Responder[]>): MockServer {
  const requests: Request[] = [];
  const queues = new Map(Object.entries(answers).map(([key, value]) => [key, [value].flat()]));
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(absolute(input), init);
    requests.push(request.clone());
    const key = `${request.method} ${new URL(request.url).pathname}`;
    const queue = queues.get(key);
    const answer = queue && queue.length > 1 ? queue.shift() : queue?.[0];
    if (!answer) throw new Error(`The test's server does not know ${key}`);
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

/** An answer that comes when the test says so. */
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
