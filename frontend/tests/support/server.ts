import { vi } from "vitest";

/** What a test's server answers to one request. */
export type Answer = (request: Request) => Response | Promise<Response>;

export interface Server {
  /** All requests so far, oldest first. */
  requests: Request[];
  /** Those to a path, with or without its query. */
  to(method: string, path: string): Request[];
}

/** Stands in for everything behind `fetch`: answers by method and path, in turn where several are given. */
export function serve(answers: Record<string, Answer | Answer[]>): Server {
  const requests: Request[] = [];
  const left = new Map(Object.entries(answers).map(([key, value]) => [key, [value].flat()]));
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(absolute(input), init);
    requests.push(request.clone());
    const key = `${request.method} ${new URL(request.url).pathname}`;
    const queue = left.get(key);
    const answer = queue && queue.length > 1 ? queue.shift() : queue?.[0];
    if (!answer) throw new Error(`The test's server does not know ${key}`);
    return answer(request);
  });
  return { requests, to: (method, path) => requests.filter((request) => isTo(request, method, path)) };
}

export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return Response.json(body, { status, headers });
}

export function problem(status: number, slug: string, rest: Record<string, unknown> = {}): Response {
  const body = { type: `urn:outlay:problem:${slug}`, title: slug, status, detail: `${slug}.`, ...rest };
  return Response.json(body, { status, headers: { "Content-Type": "application/problem+json" } });
}

/** An answer that comes when the test says so. */
export function later(): { answer: Promise<Response>; give(response: Response): void } {
  const giving: ((response: Response) => void)[] = [];
  const answer = new Promise<Response>((resolve) => void giving.push(resolve));
  return { answer, give: (response) => giving[0]?.(response) };
}

function isTo(request: Request, method: string, path: string): boolean {
  return request.method === method && new URL(request.url).pathname === path;
}

function absolute(input: RequestInfo | URL): RequestInfo | URL {
  return typeof input === "string" ? new URL(input, window.location.origin) : input;
}
